package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldWidening;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields whose type keeps refusing values. */
class WideningsTest {
    private final Bench bench = new Bench();

    private String topic(Field... fields) {
        return bench.registry
                .create(
                        NewNode.topic(
                                "P",
                                "t",
                                TopicType.STATE,
                                new Model(List.of(fields), UnknownFields.WARN)),
                        Bench.ANNA)
                .path();
    }

    private List<FieldWidening> after(String topic, String... values) {
        for (String value : values) {
            bench.publish(topic, "{\"a\":" + value + "}");
        }
        return bench.registry.widenings(topic);
    }

    @ParameterizedTest
    @CsvSource({
        "INTEGER, 20.5, DOUBLE, false, false",
        "INTEGER, 9000000000, LONG, false, false",
        "LONG, 20.5, DOUBLE, false, false",
        "INTEGER, null, INTEGER, true, false",
        "DOUBLE, '\"72.4\"', DOUBLE, false, true",
        "DATETIME, '\"soon\"', STRING, false, false",
        "STRING, 5, DOUBLE, false, false",
        "BOOLEAN, '\"true\"', BOOLEAN, false, true"
    })
    void steadyViolation_isOfferedAWiderType(
            FieldType type, String value, FieldType wider, boolean nullable, boolean coerce) {
        String topic = topic(Field.of("a", type));

        assertThat(after(topic, value, value, value))
                .extracting(FieldWidening::wider)
                .containsExactly(Field.of("a", wider).withType(wider, nullable, coerce));
    }

    @Test
    void evidence_isWhatWasRefused() {
        String topic = topic(Field.of("a", FieldType.INTEGER));

        List<FieldWidening> found = after(topic, "1", "20.5", "2", "20.7", "20.5", "3", "20.9");

        assertThat(found)
                .extracting(FieldWidening::values, FieldWidening::refused, FieldWidening::examples)
                .containsExactly(tuple(6, 4, List.of("20.9", "20.5", "20.7")));
    }

    @Test
    void valuesThatTheSourceCallsBad_areNeverRefused() {
        String topic =
                bench.registry
                        .create(
                                NewNode.topic(
                                        "P",
                                        "t",
                                        TopicType.STATE,
                                        new Model(
                                                List.of(Field.of("a", FieldType.DOUBLE)),
                                                UnknownFields.WARN,
                                                "q")),
                                Bench.ANNA)
                        .path();

        for (int i = 0; i < 4; i++) {
            bench.publish(topic, "{\"a\":null,\"q\":\"Bad\",\"unknown\":1}");
        }

        assertThat(bench.registry.widenings(topic)).isEmpty();
    }

    @Test
    void rareViolation_isNone() {
        String topic = topic(Field.of("a", FieldType.INTEGER));

        assertThat(after(topic, "20.5", "1", "20.5", "2")).isEmpty();
    }

    @Test
    void violationOfALimit_isNone() {
        Field limited =
                new Field(
                        "a",
                        FieldType.INTEGER,
                        false,
                        false,
                        null,
                        null,
                        BigDecimal.TEN,
                        null,
                        null,
                        List.of(),
                        null,
                        null,
                        null,
                        false);

        assertThat(after(topic(limited), "11", "12", "13", "14")).isEmpty();
    }

    @Test
    void typeThatWouldRefuseWhatFits_isNotOffered() {
        String topic = topic(Field.of("a", FieldType.DOUBLE));

        assertThat(after(topic, "\"hot\"", "1", "\"hot\"", "2", "\"hot\"")).isEmpty();
    }

    @Test
    void nestedField_isOfferedAWiderType() {
        String topic = topic(Field.of("load", FieldType.INTEGER).withSource("spindle.load"));

        for (int i = 0; i < 3; i++) {
            bench.publish(topic, "{\"spindle\":{\"load\":20.5}}");
        }

        assertThat(bench.registry.widenings(topic))
                .extracting(each -> each.wider().type(), each -> each.wider().source())
                .containsExactly(tuple(FieldType.DOUBLE, "spindle.load"));
    }

    @Test
    void violationThatIsOver_isForgotten() {
        String topic = topic(Field.of("a", FieldType.INTEGER));
        assertThat(after(topic, "20.5", "20.5", "20.5")).hasSize(1);

        for (int i = 0; i < 20; i++) {
            bench.publish(topic, "{\"a\":1}");
        }

        assertThat(bench.registry.widenings(topic)).isEmpty();
    }

    @Test
    void widerField_endsTheViolations() {
        String topic = topic(Field.of("a", FieldType.INTEGER));
        Field wider = after(topic, "20.5", "20.6", "20.7").get(0).wider();

        bench.registry.update(
                bench.registry.byPath(topic).orElseThrow().id(),
                0,
                NodeChange.ofPayload(
                        payload -> payload.withModel(payload.model().withFields(List.of(wider)))),
                Bench.ANNA);

        assertThat(bench.registry.value(topic).orElseThrow().valid()).isTrue();
        assertThat(bench.registry.widenings(topic)).isEmpty();
    }
}
