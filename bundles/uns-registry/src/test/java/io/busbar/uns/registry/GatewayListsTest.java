package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.QualityReason;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.Violation;
import io.busbar.testkit.log.CapturedLog;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What gateways send in lists becomes values of fields. */
class GatewayListsTest {
    private static final String ITEMS =
            "{\"timestamp\":1795421731250,\"values\":["
                    + "{\"id\":\"Ch1.Temp\",\"v\":72.4,\"q\":true,\"t\":1795421730000},"
                    + "{\"id\":\"Ch1.Temp\",\"v\":72.5,\"q\":true,\"t\":1795421731000},"
                    + "{\"id\":\"Ch1.Run\",\"v\":true,\"q\":false,\"t\":1795421731000}]}";

    private final Bench bench = new Bench();
    private final UnsRegistry registry = bench.registry;

    @Test
    void list_onATopicWithoutModel_isReadAsItsTags_andModelledByThem() {
        bench.publish("gw/list", ITEMS);

        assertThat(registry.value("gw/list").orElseThrow().fields())
                .extracting(FieldValue::name, FieldValue::json)
                .as("the latest of each")
                .containsExactly(tuple("Ch1.Temp", "72.5"), tuple("Ch1.Run", "true"));
        List<Field> inferred = registry.propose(ITEMS).model().fields();
        assertThat(inferred)
                .extracting(Field::name, Field::type)
                .containsExactly(
                        tuple("Ch1.Temp", FieldType.DOUBLE), tuple("Ch1.Run", FieldType.BOOLEAN));
        assertThat(
                        registry.propose("{\"values\":{\"a\":1},\"errors\":{\"b\":2014}}")
                                .model()
                                .fields())
                .extracting(Field::name)
                .containsExactly("a");
        Node node =
                registry.convert(
                        "gw/list",
                        "gw/list",
                        TopicType.METRIC,
                        new Model(inferred, UnknownFields.WARN),
                        Bench.ANNA);

        TopicValue value = registry.value(node.path()).orElseThrow();
        assertThat(value.valid()).isTrue();
        assertThat(value.fields())
                .extracting(FieldValue::json, FieldValue::quality, FieldValue::timestamp)
                .containsExactly(
                        tuple("72.5", Quality.GOOD, Instant.parse("2026-11-23T08:15:31Z")),
                        tuple(null, Quality.BAD, null));
    }

    @Test
    void tagsThatTheModelDoesNotKnow_keepTheirOwnTimesAndQualities() {
        Model model = new Model(List.of(Field.of("a", FieldType.DOUBLE)), UnknownFields.ALLOW);
        String topic =
                registry.create(NewNode.topic("P", "t", TopicType.METRIC, model), Bench.ANNA)
                        .path();
        Instant slow = Instant.parse("2026-11-23T08:15:30Z");
        String others =
                ",{\"id\":\"bad\",\"v\":2,\"q\":false,\"t\":1795421730000}"
                        + ",{\"id\":\"slow\",\"v\":3,\"t\":1795421730000}"
                        + ",{\"id\":\"slow\",\"v\":4,\"t\":1795421720000}]}";

        for (int second = 31; second < 33; second++) {
            bench.publish(
                    topic,
                    "{\"values\":[{\"id\":\"a\",\"v\":1,\"t\":17954217" + second + "000}" + others);
        }

        TopicValue value = registry.value(topic).orElseThrow();
        assertThat(value.fields())
                .containsExactly(
                        new FieldValue("a", "1", Quality.GOOD, slow.plusSeconds(2)),
                        new FieldValue(
                                "bad",
                                "2",
                                Quality.BAD,
                                QualityReason.of(QualityReason.Code.SOURCE),
                                slow),
                        new FieldValue("slow", "3", Quality.GOOD, slow));
        assertThat(value.quality()).as("of the fields of the model").isEqualTo(Quality.GOOD);
        assertThat(value.late()).isZero();
    }

    @Test
    void nullWithAnError_isBadByTheSource_andNoViolation() {
        String error =
                "{\"tags\":[{\"name\":\"a\",\"value\":null,\"error\":2014},"
                        + "{\"name\":\"b\",\"value\":1}]}";
        Model model =
                new Model(
                        List.of(Field.of("a", FieldType.DOUBLE), Field.of("b", FieldType.DOUBLE)),
                        UnknownFields.WARN);
        String topic =
                registry.create(NewNode.topic("P", "t", TopicType.METRIC, model), Bench.ANNA)
                        .path();

        bench.publish(topic, error);
        bench.publish("gw/list", error);

        for (String each : List.of(topic, "gw/list")) {
            TopicValue value = registry.value(each).orElseThrow();
            assertThat(value.valid()).as(each).isTrue();
            assertThat(value.quality()).isEqualTo(Quality.BAD);
            assertThat(value.reason()).isEqualTo(QualityReason.of(QualityReason.Code.SOURCE));
            assertThat(value.fields())
                    .extracting(FieldValue::name, FieldValue::quality, FieldValue::reason)
                    .containsExactly(
                            tuple("a", Quality.BAD, QualityReason.of(QualityReason.Code.SOURCE)),
                            tuple("b", Quality.GOOD, null));
        }
    }

    @Test
    void listOfTooManyValues_isAViolation_andNoFailureOfTheReader() {
        Model model = new Model(List.of(Field.of("a", FieldType.DOUBLE)), UnknownFields.ALLOW);
        String topic =
                registry.create(NewNode.topic("P", "t", TopicType.METRIC, model), Bench.ANNA)
                        .path();

        try (CapturedLog log = new CapturedLog()) {
            bench.publish(
                    topic,
                    "{\"values\":["
                            + "{\"id\":\"a\",\"v\":1},".repeat(10_000)
                            + "{\"id\":\"a\",\"v\":1}]}");

            assertThat(log.take()).isEmpty();
        }
        assertThat(registry.value(topic).orElseThrow().lastViolation())
                .extracting(Violation::code, Violation::detail)
                .containsExactly(Violation.Code.FORMAT, "the payload has more than 10,000 values");
    }

    @Test
    void error_ofATag_makesItsFieldBad_andKeepsItsLastValue() {
        Model model =
                new Model(
                        List.of(Field.of("a", FieldType.DOUBLE), Field.of("b", FieldType.DOUBLE)),
                        UnknownFields.WARN);
        String topic =
                registry.create(NewNode.topic("P", "t", TopicType.METRIC, model), Bench.ANNA)
                        .path();

        bench.publish(
                topic,
                "{\"timestamp\":1795421730000,\"values\":{\"a\":1,\"b\":2}," + "\"errors\":{}}");
        bench.publish(
                topic,
                "{\"timestamp\":1795421731000,\"values\":{\"a\":3},"
                        + "\"errors\":{\"b\":2014,\"c\":3}}");

        TopicValue value = registry.value(topic).orElseThrow();
        assertThat(value.fields().subList(0, 2))
                .extracting(FieldValue::json, FieldValue::quality)
                .containsExactly(tuple("3", Quality.GOOD), tuple("2", Quality.BAD));
        assertThat(value.lastViolation().code()).isEqualTo(Violation.Code.UNKNOWN_FIELD);
        assertThat(value.lastViolation().field()).isEqualTo("c");
    }

    @Test
    void timesAsKeys_leaveTheLatestValue() {
        Model model = new Model(List.of(Field.of("temp", FieldType.DOUBLE)), UnknownFields.WARN);
        String topic =
                registry.create(NewNode.topic("P", "t", TopicType.METRIC, model), Bench.ANNA)
                        .path();

        bench.publish(topic, "{\"2026-11-23T08:15:31Z\":6,\"2026-11-23T08:15:30Z\":5}");

        TopicValue value = registry.value(topic).orElseThrow();
        assertThat(value.valid()).isTrue();
        assertThat(value.fields())
                .extracting(FieldValue::json, FieldValue::timestamp)
                .containsExactly(tuple("6", Instant.parse("2026-11-23T08:15:31Z")));
    }
}
