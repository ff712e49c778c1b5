package io.busbar.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonStreamTest {
    /** The values of an array, each written again. */
    private static List<String> array(JsonStream in) throws IOException {
        List<String> values = new ArrayList<>();
        in.beginArray();
        while (in.hasNext()) {
            values.add(Json.write(in.value()));
        }
        in.endArray();
        return values;
    }

    private static List<String> read(String text) throws IOException {
        return JsonStream.read(new StringReader(text), JsonStreamTest::array);
    }

    /** Text that goes on and on. */
    private static Reader endless(String begin, String again) {
        return new Reader() {
            private String next = begin;
            private int at;

            @Override
            public int read(char[] into, int offset, int length) {
                if (at == next.length()) {
                    next = again;
                    at = 0;
                }
                int n = Math.min(length, next.length() - at);
                next.getChars(at, at + n, into, offset);
                at += n;
                return n;
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void values_comeOneByOne() throws IOException {
        assertThat(read("[1, {\"a\":[2,null]}, \"x\"]"))
                .containsExactly("1", "{\"a\":[2,null]}", "\"x\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1,]",
                "[1",
                "[NaN]",
                "[1] 2",
                "[{\"a\":1,\"a\":2}]",
                "['x']",
                "",
                "[01]",
                "[\"\\ud800\"]"
            })
    void text_thatIsNotJson_isRefusedWithItsPlace(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        JsonException.class, e -> assertThat(e.line()).isEqualTo(1));
    }

    @Test
    void values_ofALongText_needNoMemoryTogether() throws IOException {
        int[] count = {0};

        assertThatThrownBy(
                        () ->
                                JsonStream.read(
                                        endless("[", "{\"a\":[1,2,3]},"),
                                        in -> {
                                            in.beginArray();
                                            while (in.hasNext()) {
                                                in.value();
                                                if (++count[0] == 300_000) {
                                                    throw in.failure("enough");
                                                }
                                            }
                                            return 0;
                                        }))
                .hasMessageContaining("enough");
        assertThat(count[0]).isEqualTo(300_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "[\"", "{\"", "[{\"a\":\"", "[ "})
    void oneValue_thatNeverEnds_isRefused(String begin) {
        String again = begin.endsWith(" ") ? "    " : "xxxx";

        assertThatThrownBy(
                        () ->
                                JsonStream.read(
                                        endless(begin, again),
                                        in -> {
                                            in.skip();
                                            return 0;
                                        }))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("more than 4194304 characters");
    }

    @Test
    void oneValue_ofTooManyValues_isRefused() {
        String much = "[" + "0,".repeat(Json.MAX_VALUES) + "0]";

        assertThatThrownBy(() -> read("[" + much + "]"))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("more than 100000 values");
    }

    @Test
    void skip_passesOverWhatIsLargerThanAValueMayBe() throws IOException {
        String much = "[" + "[0],".repeat(Json.MAX_VALUES) + "0]";

        List<String> rest =
                JsonStream.read(
                        new StringReader("{\"skipped\":" + much + ",\"read\":[1]}"),
                        in -> {
                            in.beginObject();
                            in.name();
                            in.skip();
                            in.name();
                            List<String> values = array(in);
                            in.endObject();
                            return values;
                        });

        assertThat(rest).containsExactly("1");
    }

    @Test
    void line_isThatOfTheNextValue() throws IOException {
        int line =
                JsonStream.read(
                        new StringReader("[\n1,\n\n 2]"),
                        in -> {
                            in.beginArray();
                            in.value();
                            in.peek();
                            int second = in.line();
                            in.value();
                            in.endArray();
                            return second;
                        });

        assertThat(line).isEqualTo(4);
    }

    @Test
    void reader_thatFails_isNoMistakeOfTheText() {
        Reader broken =
                new Reader() {
                    @Override
                    public int read(char[] into, int offset, int length) throws IOException {
                        throw new IOException("no disk");
                    }

                    @Override
                    public void close() {}
                };

        assertThatThrownBy(() -> JsonStream.read(broken, JsonStreamTest::array))
                .isInstanceOf(IOException.class)
                .hasMessage("no disk");
    }
}
