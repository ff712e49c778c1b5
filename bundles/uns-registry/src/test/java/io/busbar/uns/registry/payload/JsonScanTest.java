package io.busbar.uns.registry.payload;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.busbar.uns.registry.Bench;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScanTest {
    private final JsonScan scan = new JsonScan();

    @Test
    void scan_object_findsMembersAsTheyCame() {
        byte[] json =
                bytes(
                        " {\"a\" : 1.50 ,\"b\":\"x\\n"
                                + "y\",\"c\":{\"d\":[1,{\"e\":null}]},\"f\":true} ");

        assertThat(scan.scan(json)).isTrue();

        assertThat(scan.count()).isEqualTo(4);
        assertThat(scan.key(0)).isEqualTo("a");
        assertThat(kind(json, 0)).isEqualTo(JsonKind.DECIMAL);
        assertThat(kind(json, 1)).isEqualTo(JsonKind.ESCAPED_STRING);
        assertThat(kind(json, 2)).isEqualTo(JsonKind.OBJECT);
        assertThat(scan.valueEnd(2) - scan.valueStart(2))
                .isEqualTo("{\"d\":[1,{\"e\":null}]}".length());
        assertThat(kind(json, 3)).isEqualTo(JsonKind.TRUE);
    }

    private JsonKind kind(byte[] json, int member) {
        return JsonKind.of(json, scan.valueStart(member), scan.valueEnd(member));
    }

    @Test
    void scan_manyFields_growsAndFindsAll() {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < 10_000; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("\"k")
                    .append(i)
                    .append("\":{\"k")
                    .append(i)
                    .append("\":")
                    .append(i)
                    .append('}');
        }

        assertThat(scan.scan(bytes(json + "}"))).isTrue();
        assertThat(scan.count()).isEqualTo(10_000);
        assertThat(scan.key(255)).isEqualTo("k255");
        assertThat(scan.scan(bytes(json + ",\"more\":1}"))).isFalse();
        assertThat(scan.error()).contains("10000 fields");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 255, 256, 257, 300, 9000})
    void scan_keyThatIsThereTwice_isRefused_howeverManyThereAre(int fields) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < fields - 1; i++) {
            // Their hashes are all the same.
            json.append('"');
            for (int bit = 0; bit < 14; bit++) {
                json.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            json.append("\":").append(i).append(',');
        }

        assertThat(scan.scan(bytes(json + "\"last\":0}"))).isTrue();
        assertThat(scan.scan(bytes(json + "\"" + "Aa".repeat(14) + "\":0}"))).isFalse();
        assertThat(scan.error()).contains("has the key 'AaAaAa").contains("twice");
    }

    @Test
    void scan_escapedKey_isTheSameKey() {
        assertThat(scan.scan(bytes("{\"\\u0061\":1}"))).isTrue();
        assertThat(scan.key(0)).isEqualTo("a");
        assertThat(scan.scan(bytes("{\"\\u0061\":1,\"a\":2}"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "[1,]",
                "[1 2]",
                "01",
                "-",
                "1.",
                ".5",
                "1e",
                "+1",
                "NaN",
                "Infinity",
                "tru",
                "truefalse",
                "\"a",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\ud800\"",
                "\"\\udc00\"",
                "\"tab\there\"",
                "{\"a\":1}{",
                "{\"a\":1,\"a\":2}",
                "{\"x\":{\"a\":1,\"a\":2}}",
                "nul",
                "// c\n1",
                "{\"a\":1;\"b\":2}"
            })
    void scan_noStrictJson_isRefused(String json) {
        assertThat(scan.scan(bytes(json))).isFalse();
        assertThat(scan.error()).isNotEmpty();
    }

    @Test
    void scan_depth_endsAt64() {
        assertThat(scan.scan(bytes("[".repeat(64) + "]".repeat(64)))).isTrue();
        assertThat(scan.scan(bytes("[".repeat(65) + "]".repeat(65)))).isFalse();
        assertThat(scan.scan(bytes("{\"a\":".repeat(100_000)))).isFalse();
    }

    @Test
    void scan_badUtf8_isRefused() {
        for (String hex :
                List.of("22c022", "22c08022", "22eda08022", "22f490808022", "22ff22", "22e28222")) {
            assertThat(scan.scan(java.util.HexFormat.of().parseHex(hex))).as(hex).isFalse();
        }
        assertThat(scan.scan(bytes("\"Größe 生产线 😀\""))).isTrue();
    }

    /**
     * Gson's strict reader is the oracle: whatever we take, it takes; whatever it takes, we take,
     * but for our own limits.
     */
    @Test
    void scan_mutatedSamples_agreesWithGson() throws IOException {
        Random random = new Random(7);
        String alphabet = "{}[]\",:\\ \n0123456789.eE+-truefalsn/u";
        String[] seeds = Bench.sample("payloads-good.jsonl").split("\n");
        int accepted = 0;
        for (int i = 0; i < 30_000; i++) {
            StringBuilder json = new StringBuilder(seeds[random.nextInt(seeds.length)]);
            json.setLength(Math.min(json.length(), 160));
            if (random.nextBoolean()) {
                json = new StringBuilder("{\"a\":[1.5e3,\"x\\u00e9\",null],\"b\":{\"c\":-0}}");
            }
            for (int j = random.nextInt(3); j >= 0; j--) {
                int at = random.nextInt(json.length());
                if (random.nextBoolean()) {
                    json.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                } else {
                    json.deleteCharAt(at);
                }
            }
            boolean ours = scan.scan(bytes(json.toString()));
            boolean theirs = gsonTakes(json.toString());
            if (ours) {
                accepted++;
                assertThat(theirs).as(json.toString()).isTrue();
            } else if (!scan.error().contains("twice") && !scan.error().contains("surrogate")) {
                assertThat(theirs).as(json + ": " + scan.error()).isFalse();
            }
        }
        assertThat(accepted).isGreaterThan(500);
    }

    private static boolean gsonTakes(String json) throws IOException {
        JsonReader reader = new JsonReader(new StringReader(json));
        reader.setStrictness(Strictness.STRICT);
        try {
            int depth = 0;
            do {
                switch (reader.peek()) {
                    case BEGIN_OBJECT -> {
                        reader.beginObject();
                        depth++;
                    }
                    case BEGIN_ARRAY -> {
                        reader.beginArray();
                        depth++;
                    }
                    case END_OBJECT -> {
                        reader.endObject();
                        depth--;
                    }
                    case END_ARRAY -> {
                        reader.endArray();
                        depth--;
                    }
                    case NAME -> assertThat(reader.nextName()).isNotNull();
                    case BOOLEAN -> assertThat(reader.nextBoolean()).isIn(true, false);
                    case NULL -> reader.nextNull();
                    case STRING, NUMBER -> assertThat(reader.nextString()).isNotNull();
                    default -> {
                        return false;
                    }
                }
            } while (depth > 0);
            return reader.peek() == JsonToken.END_DOCUMENT;
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            return false;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
