package io.busbar.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "[1,]",
                "NaN",
                "{\"a\":NaN}",
                "{\"a\":1}{}",
                "// c\n{}",
                "{\"a\":1,\"a\":2}",
                "01",
                "1e999999999",
                "\"\u0001\"",
                "\"\\ud800\"",
                "{\"\\udc00\":1}"
            })
    void text_thatIsNoJson_isRefused(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonException.class);
    }

    @Test
    void nesting_beyondTheLimit_isRefused() {
        assertThat(Json.parse("[".repeat(64) + "]".repeat(64))).isNotNull();
        assertThat(Json.parse("[".repeat(256) + "]".repeat(256), 256)).isNotNull();
        assertThatThrownBy(() -> Json.parse("[".repeat(65) + "]".repeat(65)))
                .isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).isInstanceOf(JsonException.class);
    }

    @Test
    void numbers_keepEveryDigit() {
        assertThat(Json.parse("[9007199254740993,0.10,1e2]").toString())
                .isEqualTo("[9007199254740993,0.10,1E+2]");
    }

    @Test
    void surrogatePair_isText() {
        assertThat(Json.parse("\"\\ud83d\\ude00\"").getAsString()).isEqualTo("😀");
    }

    @Test
    void syntax_wrong_namesLineAndColumn() {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> Json.parse("{\n \"a\":[1,2,}"))
                .satisfies(
                        e -> {
                            assertThat(e.line()).isEqualTo(2);
                            assertThat(e.column()).isEqualTo(11);
                            assertThat(e.path()).isEqualTo("a[2]");
                        });
    }

    @Test
    void name_twice_namesThePlace() {
        assertThatThrownBy(() -> Json.parse("{\"a\":[{\"b\":1,\n\"b\":2}]}"))
                .hasMessage(
                        "name \"b\" stands twice in one object (expected: once) at line 2 column 4"
                                + " in a[0].b");
    }

    @Test
    void text_thatGoesOn_isRefused() {
        assertThatThrownBy(() -> Json.parse("{} {}")).hasMessage("malformed at line 1 column 5");
        assertThatThrownBy(() -> Json.parse("{\"a\":"))
                .hasMessageStartingWith("End of input at line 1 column 6");
    }

    @Test
    void write_keepsNullAndCharacters() {
        assertThat(Json.write(Json.parse("{\"a\":null,\"b\":\"<é>\"}")))
                .isEqualTo("{\"a\":null,\"b\":\"<é>\"}");
    }

    /** Three characters of text are a hundred bytes of objects: the text's length bounds little. */
    @ParameterizedTest
    @ValueSource(strings = {"{},", "[],", "0,", "\"\",", "null,", "true,", "{\"a\":0},"})
    void values_beyondTheLimit_areRefused(String value) {
        String many = "[" + value.repeat(Json.MAX_VALUES) + "0]";

        assertThatThrownBy(() -> Json.parse(many))
                .isInstanceOf(JsonException.class)
                .hasMessageStartingWith("more than 100000 values at line 1 column");
        assertThat(Json.parse(many, Json.MAX_DEPTH, 3 * Json.MAX_VALUES).getAsJsonArray())
                .hasSize(Json.MAX_VALUES + 1);
    }
}
