package io.busbar.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.annotations.SerializedName;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonMapperTest {
    private enum Effect {
        ALLOW,
        DENY
    }

    private record Rule(Effect effect, String filter) {
        Rule {
            if (filter.isEmpty()) {
                throw new IllegalArgumentException("filter: empty (expected: a topic filter)");
            }
        }
    }

    private record Entry(
            UUID id,
            String name,
            int count,
            long big,
            boolean on,
            Instant at,
            List<Rule> rules,
            Map<String, BigDecimal> limits,
            @OptionalKey @Nullable String note,
            @OptionalKey("true") boolean writable,
            @OptionalKey("DENY") Effect otherwise,
            @OptionalKey("60") Integer seconds,
            @OptionalKey @SerializedName("enum") List<String> allowed,
            @OptionalKey List<Entry> children) {}

    private sealed interface Shape permits Circle, Square, Label {}

    private record Circle(int radius) implements Shape {}

    private record Square(int side) implements Shape {}

    private record Label(String text) implements Shape {}

    private record Drawing(List<Shape> shapes) {}

    private record Whole(int number) {}

    private record Named(String name) {}

    private record Open(JsonElement any) {}

    private record Foreign(StringBuilder text) {}

    private static final String ENTRY =
            "{\"id\":\"6f1f3c54-6f0c-4b0f-9a3b-0d7c3f6f8a11\",\"name\":\"<é>\",\"count\":3,"
                + "\"big\":9007199254740993,\"on\":true,\"at\":\"2027-01-31T12:00:00.123456789Z\","
                + "\"rules\":[{\"effect\":\"ALLOW\",\"filter\":\"a/#\"}],\"limits\":{\"x\":0.10}}";

    private final JsonMapper mapper = JsonMapper.create();

    @Test
    void record_isReadAndWrittenAsItWas() {
        Entry entry = mapper.read(ENTRY, Entry.class);

        assertThat(entry.big()).isEqualTo(9007199254740993L);
        assertThat(entry.at()).isEqualTo("2027-01-31T12:00:00.123456789Z");
        assertThat(entry.rules()).containsExactly(new Rule(Effect.ALLOW, "a/#"));
        assertThat(entry.limits()).containsEntry("x", new BigDecimal("0.10"));
        assertThat(mapper.write(entry)).isEqualTo(ENTRY);
        assertThat(mapper.toTree(entry)).isEqualTo(Json.parse(ENTRY));
    }

    @Test
    void optionalKey_missingOrNull_isItsDefault() {
        Entry entry = mapper.read(ENTRY.replace("}}", "},\"note\":null}"), Entry.class);

        assertThat(entry.note()).isNull();
        assertThat(entry.writable()).isTrue();
        assertThat(entry.otherwise()).isEqualTo(Effect.DENY);
        assertThat(entry.seconds()).isEqualTo(60);
        assertThat(entry.allowed()).isEmpty();
        assertThat(entry.children()).isEmpty();
    }

    @Test
    void optionalKey_withAnotherValue_isWritten() {
        String text = ENTRY.replace("}}", "},\"note\":\"n\",\"writable\":false,\"enum\":[\"a\"]}");

        assertThat(mapper.write(mapper.read(text, Entry.class))).isEqualTo(text);
    }

    @Test
    void record_ofItself_isRead() {
        String text = ENTRY.replace("}}", "},\"children\":[" + ENTRY + "]}");

        assertThat(mapper.read(text, Entry.class).children()).hasSize(1);
    }

    @Test
    void lists_areUnmodifiable() {
        List<Rule> rules = mapper.read(ENTRY, Entry.class).rules();

        assertThatThrownBy(() -> rules.add(new Rule(Effect.DENY, "#")))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"count\":3 | \"count\":\"3\" | text (expected: a whole number) | count",
                "\"count\":3 | \"count\":3.5 | 3.5 (expected: a whole number) | count",
                "\"count\":3 | \"count\":3000000000 | 3000000000 (expected: a whole number) |"
                        + " count",
                "\"count\":3 | \"count\":null | null (expected: a whole number) | count",
                "\"count\":3 | \"count\":3,\"count\":3 | name \"count\" stands twice | count",
                "\"count\":3 | \"cuont\":3 | unknown key \"cuont\" (expected: id, name, | cuont",
                "\"count\":3, | `` | \"count\" is missing | ``",
                "\"on\":true | \"on\":1 | a number (expected: true or false) | on",
                "\"on\":true | \"on\":\"true\" | text (expected: true or false) | on",
                "\"name\":\"<é>\" | \"name\":7 | a number (expected: text) | name",
                "12:00:00.123456789Z | 12 | text (expected: a time | at",
                "6f1f3c54- | x | text (expected: a UUID) | id",
                "\"ALLOW\" | \"MAYBE\" | \"MAYBE\" (expected: ALLOW, DENY) | rules[0].effect",
                "\"a/#\" | \"\" | filter: empty (expected: a topic filter) | rules[0]",
                "{\"effect\" | 7,{\"effect\" | a number (expected: an object) | rules[0]",
                "0.10 | 0.10,\"x\":1 | name \"x\" stands twice | limits.x",
            })
    void value_thatDoesNotFit_isNamedWithItsPlace(
            String right, String wrong, String reason, String path) {
        assertThat(ENTRY).contains(right);

        assertThatThrownBy(() -> mapper.read(ENTRY.replace(right, wrong), Entry.class))
                .isInstanceOfSatisfying(
                        JsonException.class,
                        e -> {
                            assertThat(e.reason()).contains(reason);
                            assertThat(e.path()).isEqualTo(path);
                        });
    }

    @Test
    void unknownKey_isPassedOver_whereTolerated() {
        JsonMapper tolerant = JsonMapper.builder().tolerateUnknownKeys().build();

        assertThat(tolerant.read("{\"number\":1,\"more\":{\"a\":[1]}}", Whole.class))
                .isEqualTo(new Whole(1));
    }

    @Test
    void text_afterTheEnd_isRefused() {
        assertThatThrownBy(() -> mapper.read("{\"number\":1} x", Whole.class))
                .isInstanceOf(JsonException.class);
    }

    @Test
    void null_inARequiredComponent_isNotWritten() {
        assertThatThrownBy(() -> mapper.write(new Named(null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("name: null");
    }

    @Test
    void variants_areToldApartByTheirKey() {
        JsonMapper shapes =
                JsonMapper.builder()
                        .variants(
                                Shape.class,
                                "kind",
                                Map.of("circle", Circle.class, "square", Square.class))
                        .build();
        String text =
                "{\"shapes\":[{\"kind\":\"circle\",\"radius\":1},{\"kind\":\"square\",\"side\":2}]}";

        Drawing drawing = shapes.read(text, Drawing.class);

        assertThat(drawing.shapes()).containsExactly(new Circle(1), new Square(2));
        assertThat(shapes.write(drawing)).isEqualTo(text);
        assertThatThrownBy(() -> shapes.read(text.replace("circle", "line"), Drawing.class))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("kind: \"line\" (expected: ")
                .hasMessageContaining(" in shapes[0]");
        assertThatThrownBy(() -> shapes.read(text.replace("radius", "side"), Drawing.class))
                .hasMessageContaining("side: unknown key \"side\" (expected: radius)");
        assertThatThrownBy(
                        () -> shapes.read(text.replace("\"kind\":\"circle\",", ""), Drawing.class))
                .hasMessageContaining("\"kind\" is missing");
    }

    @Test
    void variants_areWrittenWithoutEscapes() {
        JsonMapper labels =
                JsonMapper.builder()
                        .variants(Shape.class, "kind", Map.of("label", Label.class))
                        .build();
        String text = "{\"shapes\":[{\"kind\":\"label\",\"text\":\"<a href='x'>=&\"}]}";

        assertThat(labels.write(labels.read(text, Drawing.class))).isEqualTo(text);
    }

    @Test
    void text_ofAValueType_isGivenByTheBuilder() {
        JsonMapper builders =
                JsonMapper.builder()
                        .text(StringBuilder.class, StringBuilder::new, StringBuilder::toString)
                        .build();

        Foreign foreign = builders.read("{\"text\":\"a\"}", Foreign.class);

        assertThat(builders.write(foreign)).isEqualTo("{\"text\":\"a\"}");
    }

    @Test
    void type_thatNobodyKnows_isRefused() {
        assertThatThrownBy(() -> mapper.read("{\"text\":\"a\"}", Foreign.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("StringBuilder: cannot be bound");
        assertThatThrownBy(() -> mapper.read("{\"any\":{}}", Open.class))
                .hasMessageContaining("JsonElement: cannot be bound");
    }
}
