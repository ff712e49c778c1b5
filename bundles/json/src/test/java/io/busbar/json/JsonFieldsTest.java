package io.busbar.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class JsonFieldsTest {
    private enum Colour {
        RED,
        BLUE
    }

    @Test
    void values_thatFit_areRead() {
        JsonFields fields =
                JsonFields.of(
                        Json.parse(
                                """
                                {"name":"x","count":3,"colour":"BLUE","tags":["a"],"none":null,
                                 "inner":[{"on":true}]}
                                """));

        assertThat(fields.text("name", 1, 8)).isEqualTo("x");
        assertThat(fields.optInteger("count", 0, 9)).isEqualTo(3);
        assertThat(fields.choice("colour", Colour.class)).isEqualTo(Colour.BLUE);
        assertThat(fields.optTexts("tags", 2, 2)).containsExactly("a");
        assertThat(fields.optText("none", 1, 2)).isNull();
        assertThat(fields.optList("inner", 1, inner -> inner.optBoolean("on")))
                .containsExactly(true);
        fields.finish();
    }

    @Test
    void texts_thatDoNotFitARule_areNamedOneByOne() {
        List<FieldError> errors =
                errors(
                        () -> {
                            JsonFields fields =
                                    JsonFields.of(
                                            Json.parse(
                                                    "{\"name\":\"no\",\"other\":\"no\","
                                                            + "\"tags\":[\"yes\",\"no\"]}"));
                            assertThat(fields.text("name", 1, 9, JsonFieldsTest::rule)).isEmpty();
                            assertThat(fields.optText("other", 1, 9, JsonFieldsTest::rule))
                                    .isNull();
                            assertThat(fields.optText("none", 1, 9, JsonFieldsTest::rule)).isNull();
                            assertThat(fields.optTexts("tags", 9, JsonFieldsTest::rule))
                                    .containsExactly("yes");
                            fields.finish();
                        });

        assertThat(errors)
                .allMatch(error -> error.parameters().equals(Map.of("found", "no")))
                .extracting(FieldError::pointer, FieldError::code, FieldError::message)
                .containsExactly(
                        tuple("/name", "pattern", "name: no (expected: yes)"),
                        tuple("/other", "pattern", "other: no (expected: yes)"),
                        tuple("/tags/1", "pattern", "tags holds no (expected: yes)"));
    }

    private static TextProblem rule(String text) {
        return text.equals("yes")
                ? null
                : new TextProblem(text + " (expected: yes)", Map.of("found", text));
    }

    @Test
    void mistakes_areReportedTogether() {
        List<FieldError> errors =
                errors(
                        () -> {
                            JsonFields fields =
                                    JsonFields.of(
                                            Json.parse(
                                                    """
                                                    {"list":[{"name":7,"nmae":""}],"count":1.5}
                                                    """));
                            fields.optList("list", 9, item -> item.text("name", 1, 9));
                            fields.optInteger("count", 0, 9);
                            fields.choice("colour", Colour.class);
                            fields.finish();
                        });

        assertThat(errors)
                .containsExactly(
                        new FieldError(
                                "/list/0/name",
                                "name",
                                "type",
                                "name is a number (expected: text)",
                                "a number (expected: text)"),
                        new FieldError(
                                "/count",
                                "count",
                                "range",
                                "count: 1.5 (expected: whole number 0 to 9)",
                                "1.5 (expected: whole number 0 to 9)",
                                Map.of("min", "0", "max", "9")),
                        new FieldError(
                                "/colour", "colour", "required", "colour is missing", "is missing"),
                        new FieldError(
                                "/list/0/nmae",
                                "nmae",
                                "unknown",
                                "unknown key 'nmae' (expected: name)",
                                "(expected: name)"));
        assertThat(errors.get(0).place()).isEqualTo("list[0].name");
    }

    @Test
    void null_isAbsentOrAMistake_asTheReaderWants() {
        JsonFields.of(Json.parse("{\"a\":null}")).optText("a", 0, 1);

        List<FieldError> errors =
                errors(
                        () -> {
                            JsonFields fields =
                                    JsonFields.withoutNulls(Json.parse("{\"a\":null,\"b\":null}"));
                            fields.optText("a", 0, 1);
                            fields.text("b", 0, 1);
                            fields.finish();
                        });

        assertThat(errors)
                .extracting(FieldError::message)
                .containsExactly("a is null (expected: a value)", "b is null (expected: a value)");
    }

    @Test
    void document_thatIsNoObject_isRefused() {
        assertThat(errors(() -> JsonFields.of(Json.parse("[]"))))
                .extracting(FieldError::message)
                .containsExactly("the body is a list (expected: an object)");
    }

    private static List<FieldError> errors(ThrowingCallable read) {
        List<List<FieldError>> errors = new java.util.ArrayList<>();
        assertThatExceptionOfType(InvalidFieldsException.class)
                .isThrownBy(read)
                .satisfies(e -> errors.add(e.errors()));
        return errors.get(0);
    }
}
