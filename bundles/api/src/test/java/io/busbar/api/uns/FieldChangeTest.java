package io.busbar.api.uns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a change of a field means to those who publish and read it. */
class FieldChangeTest {
    private static final Field NUMBER = Field.of("f", FieldType.DOUBLE);
    private static final Field TEXT = Field.of("f", FieldType.STRING);
    private static final Field WORD = Field.of("f", FieldType.ENUM).withAllowed(List.of("a", "b"));

    private static Field limits(Integer min, Integer max) {
        return NUMBER.withLimits(number(min), number(max));
    }

    private static BigDecimal number(Integer value) {
        return value == null ? null : BigDecimal.valueOf(value);
    }

    static Stream<Arguments> pairs() {
        return Stream.of(
                arguments(limits(0, 5), limits(0, 9)),
                arguments(limits(0, 5), limits(-1, 5)),
                arguments(limits(0, 5), limits(null, 5)),
                arguments(limits(0, 5), limits(0, null)),
                arguments(Field.of("f", FieldType.INTEGER), Field.of("f", FieldType.LONG)),
                arguments(Field.of("f", FieldType.LONG), NUMBER),
                arguments(WORD, TEXT),
                arguments(WORD, WORD.withAllowed(List.of("a", "b", "c"))),
                arguments(TEXT.withMaxLength(5), TEXT.withMaxLength(6)),
                arguments(TEXT.withMaxLength(5), TEXT),
                arguments(TEXT.withPattern("x"), TEXT),
                arguments(NUMBER.withRequired(true), NUMBER),
                arguments(NUMBER, NUMBER.withNullable(true)),
                arguments(NUMBER, NUMBER.withType(FieldType.DOUBLE, false, true)));
    }

    private static FieldChange.Kind kind(Field before, Field after) {
        List<FieldChange> changes = between(before, after);
        assertThat(changes).hasSize(1);
        return changes.get(0).kind();
    }

    private static List<FieldChange> between(Field before, Field after) {
        return FieldChange.between(
                new Model(List.of(before), UnknownFields.ALLOW),
                new Model(List.of(after), UnknownFields.ALLOW));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void fieldThatTakesMore_isWidened_andTheWayBackNarrowed(Field narrow, Field wide) {
        assertThat(kind(narrow, wide)).isEqualTo(FieldChange.Kind.WIDENED);
        assertThat(kind(wide, narrow)).isEqualTo(FieldChange.Kind.NARROWED);
    }

    @Test
    void fieldThatTakesOtherValues_isNarrowed() {
        assertThat(kind(limits(0, 5), limits(3, 9))).isEqualTo(FieldChange.Kind.NARROWED);
        assertThat(kind(TEXT, NUMBER)).isEqualTo(FieldChange.Kind.NARROWED);
        assertThat(kind(TEXT.withPattern("a"), TEXT.withPattern("b")))
                .isEqualTo(FieldChange.Kind.NARROWED);
    }

    @Test
    void otherPlaceInThePayload_isAnotherMeaning() {
        assertThat(kind(NUMBER, NUMBER.withSource("a.b"))).isEqualTo(FieldChange.Kind.CHANGED);
    }

    @Test
    void numbersThatAreWrittenOtherwise_areNoChange() {
        assertThat(
                        between(
                                NUMBER.withLimits(new BigDecimal("5.0"), null),
                                NUMBER.withLimits(new BigDecimal("5"), null)))
                .isEmpty();
    }

    @Test
    void versions_areOrderedByNumber_andReadAsTheyAreWritten() {
        assertThat(SemanticVersion.of("1.10.0")).isGreaterThan(SemanticVersion.of("1.9.9"));
        assertThat(SemanticVersion.of("2.0.1").toString()).isEqualTo("2.0.1");
        assertThat(
                        Stream.of(
                                        "1",
                                        "1.0",
                                        "01.0.0",
                                        "1.0.0-rc",
                                        "v1.0.0",
                                        "1.0.1000000",
                                        " 1.0.0")
                                .map(SemanticVersion::parse))
                .containsOnlyNulls();
    }
}
