package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.QualityReason;
import io.busbar.api.uns.StaleTopic;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.ValidationMode;
import io.busbar.api.uns.Violation;
import io.busbar.api.uns.spi.ValueListener;
import io.busbar.uns.registry.value.Limits;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveValuesTest {
    private final Bench bench = new Bench();

    private String topic(UnknownFields unknown, Field... fields) {
        return bench.registry
                .create(
                        NewNode.topic(
                                "P", "t", TopicType.STATE, new Model(List.of(fields), unknown)),
                        Bench.ANNA)
                .path();
    }

    private TopicValue value(String topic) {
        return bench.registry.value(topic).orElseThrow();
    }

    @Test
    void value_beforeAnyMessage_isGoodNoData() {
        String topic = topic(UnknownFields.WARN, Field.of("a", FieldType.DOUBLE));

        assertThat(value(topic).quality()).isEqualTo(Quality.GOOD_NO_DATA);
        assertThat(value(topic).fields())
                .containsExactly(new FieldValue("a", null, Quality.GOOD_NO_DATA, null));
        assertThat(bench.registry.value("nowhere")).isEmpty();
    }

    @Test
    void partialPayloads_mergePerFieldWithTheirTimes() {
        String topic =
                topic(
                        UnknownFields.WARN,
                        Field.of("a", FieldType.DOUBLE),
                        Field.of("b", FieldType.LONG));

        bench.publish(topic, "{\"timestamp\":\"2026-11-23T08:00:00Z\",\"a\":1.50}");
        bench.publish(topic, "{\"timestamp\":\"2026-11-23T08:01:00Z\",\"b\":9007199254740993}");

        List<FieldValue> fields = value(topic).fields();
        assertThat(fields.get(0).json()).isEqualTo("1.50");
        assertThat(fields.get(0).timestamp()).isEqualTo("2026-11-23T08:00:00Z");
        assertThat(fields.get(1).json()).isEqualTo("9007199254740993");
        assertThat(fields.get(1).timestamp()).isEqualTo("2026-11-23T08:01:00Z");
        assertThat(value(topic).quality()).isEqualTo(Quality.GOOD);
        assertThat(value(topic).publisher()).isEqualTo(Bench.GATEWAY);
        assertThat(value(topic).messages()).isEqualTo(2);
    }

    @Test
    void badField_keepsLastGoodValueAndIsBad_othersAreStored() {
        String topic =
                topic(
                        UnknownFields.WARN,
                        Field.of("a", FieldType.DOUBLE),
                        Field.of("b", FieldType.DOUBLE));
        bench.publish(topic, "{\"a\":1,\"b\":1}");

        bench.publish(topic, "{\"a\":\"hot\",\"b\":2}");

        TopicValue value = value(topic);
        assertThat(value.fields().get(0))
                .extracting(FieldValue::json, FieldValue::quality)
                .containsExactly("1", Quality.BAD);
        assertThat(value.fields().get(1))
                .extracting(FieldValue::json, FieldValue::quality)
                .containsExactly("2", Quality.GOOD);
        assertThat(value.quality()).isEqualTo(Quality.BAD);
        assertThat(value.lastViolation().detail()).isEqualTo("\"hot\" (expected: a number)");
        bench.publish(topic, "{\"a\":3,\"b\":2}");
        assertThat(value(topic).quality()).isEqualTo(Quality.GOOD);
        assertThat(value(topic).valid()).isTrue();
        assertThat(value(topic).violations()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "INTEGER, 6.0, ",
        "INTEGER, 2147483647, ",
        "INTEGER, 2147483648, RANGE",
        "INTEGER, -2147483649, RANGE",
        "INTEGER, 1e3, ",
        "INTEGER, 1.5, TYPE",
        "INTEGER, true, TYPE",
        "LONG, 9223372036854775807, ",
        "LONG, 9223372036854775808, RANGE",
        "LONG, 1e400, RANGE",
        "LONG, 1e99999999999, RANGE",
        "LONG, 12345678901234567.5, TYPE",
        "FLOAT, 1e39, RANGE",
        "FLOAT, 1e38, ",
        "DOUBLE, 1e309, RANGE",
        "DOUBLE, 1e308, ",
        "DOUBLE, -0, ",
        "BOOLEAN, true, ",
        "BOOLEAN, 1, TYPE",
        "DATETIME, 1795421731250, ",
        "DATETIME, '\"2026-11-23T08:15:30Z\"', ",
        "DATETIME, '\"yesterday\"', TYPE",
        "DATETIME, 35, RANGE",
        "STRING, '\"x\"', ",
        "STRING, 5, TYPE",
        "OBJECT, {}, ",
        "OBJECT, [], TYPE",
        "ARRAY, [], ",
        "BLOB, '\"aGk=\"', ",
        "BLOB, '\"!\"', TYPE"
    })
    void types_acceptWhatTheySay(FieldType type, String json, Violation.Code expected) {
        String topic = topic(UnknownFields.WARN, Field.of("a", type));

        bench.publish(topic, "{\"a\":" + json + "}");

        Violation violation = value(topic).lastViolation();
        assertThat(violation == null ? null : violation.code())
                .as(String.valueOf(violation))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, ",
        "0.3, ",
        "0.09999999999999999999, RANGE",
        "0.30000000000000000001, RANGE",
        "0.2, ",
        "-5, RANGE"
    })
    void range_isExact(String json, Violation.Code expected) {
        String topic =
                topic(
                        UnknownFields.WARN,
                        new Field(
                                "a",
                                FieldType.DOUBLE,
                                true,
                                false,
                                null,
                                new BigDecimal("0.1"),
                                new BigDecimal("0.3"),
                                null,
                                null,
                                List.of(),
                                null,
                                null,
                                null,
                                false));

        bench.publish(topic, "{\"a\":" + json + "}");

        Violation violation = value(topic).lastViolation();
        assertThat(violation == null ? null : violation.code()).isEqualTo(expected);
    }

    @Test
    void enumPatternAndCoerce_areHeldAgainst() {
        Field colour =
                new Field(
                        "c",
                        FieldType.ENUM,
                        false,
                        false,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of("RED", "GREEN"),
                        null,
                        null,
                        null,
                        false);
        Field code =
                new Field(
                        "p",
                        FieldType.STRING,
                        false,
                        false,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        "(a+)+b",
                        null,
                        null,
                        false);
        Field number =
                new Field(
                        "n",
                        FieldType.DOUBLE,
                        false,
                        false,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        null,
                        null,
                        null,
                        true);
        String topic = topic(UnknownFields.ALLOW, colour, code, number);

        bench.publish(topic, "{\"c\":\"BLUE\"}");
        assertThat(value(topic).lastViolation().code()).isEqualTo(Violation.Code.ENUM);
        bench.publish(topic, "{\"p\":\"" + "a".repeat(5000) + "\"}");
        assertThat(value(topic).lastViolation().code()).isEqualTo(Violation.Code.PATTERN);
        bench.publish(topic, "{\"c\":\"RED\",\"p\":\"aab\",\"n\":\"72.4\",\"free\":1}");
        assertThat(value(topic).valid()).isTrue();
        assertThat(value(topic).fields())
                .extracting(FieldValue::json)
                .containsExactly("\"RED\"", "\"aab\"", "72.4", "1");
        bench.publish(topic, "{\"n\":\"hot\"}");
        assertThat(value(topic).lastViolation().code()).isEqualTo(Violation.Code.TYPE);
    }

    @Test
    void singleFieldModel_acceptsBareValue() {
        String topic = topic(UnknownFields.WARN, Field.of("speed", FieldType.DOUBLE));

        bench.publish(topic, "72.4");

        assertThat(value(topic).valid()).isTrue();
        assertThat(value(topic).fields().get(0).json()).isEqualTo("72.4");
    }

    @Test
    void doubtfulTime_countsAsServerTimeAndUncertain() {
        String topic = topic(UnknownFields.WARN, Field.of("a", FieldType.DOUBLE));

        bench.publish(topic, "{\"timestamp\":\"23/11/2026\",\"a\":1}");

        assertThat(value(topic).quality()).isEqualTo(Quality.UNCERTAIN);
        assertThat(value(topic).timestamp()).isEqualTo(Bench.START);
        assertThat(value(topic).fields().get(0))
                .isEqualTo(
                        new FieldValue(
                                "a",
                                "1",
                                Quality.UNCERTAIN,
                                new QualityReason(QualityReason.Code.SOURCE_TIME, 600),
                                Bench.START));
        bench.publish(topic, "{\"timestamp\":\"2026-11-23T08:25:00Z\",\"a\":1}");
        assertThat(value(topic).quality()).isEqualTo(Quality.GOOD);
    }

    @Test
    void staleValue_becomesUncertainAndListenersHearOfIt() throws Exception {
        String topic = topic(UnknownFields.WARN, Field.of("a", FieldType.DOUBLE));
        bench.registry.update(
                bench.registry.byPath(topic).orElseThrow().id(),
                0,
                NodeChange.ofPolicy(policy -> policy.withStaleAfterSeconds(30)),
                Bench.ANNA);
        bench.publish(topic, "{\"a\":1}");
        Heard heard = new Heard();
        bench.registry.listen(List.of(heard), List.of());

        bench.clock.advance(Duration.ofSeconds(31));
        bench.registry.checkStale();

        assertThat(heard.next().quality()).isEqualTo(Quality.UNCERTAIN);
        bench.publish(topic, "{\"a\":2}");
        assertThat(heard.next().quality()).isEqualTo(Quality.GOOD);
    }

    @Test
    void stale_listsThoseFirstThatHaveBeenForTheLongestTime() {
        Node late = stales("late", 10);
        Node later = stales("later", 60);
        stales("silent", 10);
        bench.publish(late.topic(), "1");
        bench.publish(later.topic(), "1");
        bench.clock.advance(Duration.ofSeconds(10));
        assertThat(bench.registry.stale()).isEmpty();

        bench.clock.advance(Duration.ofSeconds(60));

        assertThat(bench.registry.stale())
                .containsExactly(
                        new StaleTopic(late.path(), late.topic(), Bench.START.plusSeconds(10), 10),
                        new StaleTopic(
                                later.path(), later.topic(), Bench.START.plusSeconds(60), 60));
        bench.publish(late.topic(), "2");
        assertThat(bench.registry.stale())
                .extracting(StaleTopic::path)
                .containsExactly(later.path());
        bench.registry.delete(later.id(), 0, Bench.ANNA);
        assertThat(bench.registry.stale()).isEmpty();
    }

    private Node stales(String name, int seconds) {
        return bench.registry.create(
                new NewNode(
                        "s",
                        NodeType.TOPIC,
                        name,
                        null,
                        NodeLabels.NONE,
                        NodePayload.json(TopicType.METRIC, Model.ANY),
                        NodePolicy.INHERITED.withStaleAfterSeconds(seconds)),
                Bench.ANNA);
    }

    @Test
    void listener_hearsLatestValueSoon_andOnlyOfWhatItWants() throws Exception {
        Heard heard = new Heard();
        heard.wanted = "x/wanted";
        bench.registry.listen(List.of(heard), List.of());

        long start = System.nanoTime();
        for (int i = 0; i <= 100; i++) {
            bench.publish("x/other", "0");
            bench.publish("x/wanted", Integer.toString(i));
        }

        TopicValue value = heard.next();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        while (!value.fields().get(0).json().equals("100")) {
            value = heard.next();
        }
        assertThat(value.messages()).isEqualTo(101);
    }

    @Test
    void retainedReplay_givesLastValueBackWithoutCounting() {
        String topic = topic(UnknownFields.WARN, Field.of("a", FieldType.DOUBLE));
        bench.publish(topic, "{\"a\":2}");
        var old =
                new io.busbar.api.mqtt.Message(
                        io.busbar.api.mqtt.TopicName.of(topic),
                        "{\"a\":1}".getBytes(StandardCharsets.UTF_8),
                        io.busbar.api.mqtt.Qos.AT_LEAST_ONCE,
                        true,
                        io.busbar.api.mqtt.MessageProperties.NONE,
                        Bench.GATEWAY,
                        bench.clock.millis() - 1000);

        bench.registry.onMessage(old, true);
        assertThat(value(topic).fields().get(0).json()).isEqualTo("2");

        bench.restarted();
        bench.registry.onMessage(old, true);
        assertThat(value(topic).fields().get(0).json()).isEqualTo("1");
        assertThat(value(topic).messages()).isZero();
        assertThat(value(topic).retain()).isTrue();
        assertThat(value(topic).receivedAt()).isEqualTo(Bench.START.minusSeconds(1));
    }

    @Test
    void clearedRetained_isNoValue() {
        String topic = topic(UnknownFields.WARN, Field.of("a", FieldType.DOUBLE));
        bench.publish(topic, "{\"a\":1}");
        bench.publish("foreign", "1");

        bench.registry.onMessage(bench.message(topic, new byte[0], true), false);
        bench.registry.onMessage(bench.message("foreign", new byte[0], true), false);

        assertThat(value(topic).fields().get(0).json()).isEqualTo("1");
        assertThat(value(topic).violations()).isZero();
        assertThat(bench.registry.value("foreign")).isEmpty();
        assertThat(bench.registry.stats().unmodeled()).isZero();
    }

    @Test
    void unmodeledTopics_beyondTheLimit_areCountedAndDropped() {
        bench.registry.deactivate();
        bench.registry = bench.open(new Limits(1000, 0, 3, 1036, 1_000_000));

        for (int i = 0; i < 5; i++) {
            bench.publish("t" + i, "12345");
        }
        bench.publish("$internal", "1");

        assertThat(bench.registry.stats().unmodeled()).isEqualTo(3);
        assertThat(bench.registry.stats().unmodeledDropped())
                .as("one payload and two topics")
                .isEqualTo(3);
        assertThat(bench.registry.unmodeled("t", 10))
                .extracting(each -> each.payload().length)
                .containsExactly(5, 5, 0);
        assertThat(bench.registry.unmodeled("t1", 10)).hasSize(1);
        assertThat(bench.registry.stats().messages()).isEqualTo(5);
    }

    @Test
    void tooLargePayload_isSizeViolation() {
        String topic = topic(UnknownFields.ALLOW, Field.of("a", FieldType.STRING));

        bench.publish(topic, "{\"a\":\"" + "x".repeat(300_000) + "\"}");

        assertThat(value(topic).lastViolation().code()).isEqualTo(Violation.Code.SIZE);
        assertThat(value(topic).payload()).hasSize(262_144);
        assertThat(value(topic).quality()).isEqualTo(Quality.BAD);
    }

    @Test
    void modelChange_readsTheLastPayloadAnew() {
        String topic =
                topic(
                        UnknownFields.WARN,
                        Field.of("a", FieldType.DOUBLE),
                        Field.of("b", FieldType.DOUBLE));
        bench.publish(topic, "{\"b\":7}");
        bench.publish(topic, "{\"a\":\"x\"}");

        bench.registry.update(
                bench.registry.byPath(topic).orElseThrow().id(),
                0,
                NodeChange.ofPayload(
                        payload ->
                                payload.withModel(
                                        new Model(
                                                List.of(
                                                        Field.of("a", FieldType.STRING),
                                                        Field.of("b", FieldType.DOUBLE)),
                                                UnknownFields.WARN))),
                Bench.ANNA);

        assertThat(value(topic).valid()).isTrue();
        assertThat(value(topic).fields())
                .extracting(FieldValue::json)
                .containsExactly("\"x\"", "7");
        assertThat(value(topic).violations()).isEqualTo(1);
    }

    @Test
    void validationOff_countsNothing() {
        String topic = topic(UnknownFields.WARN, Field.of("a", FieldType.DOUBLE));
        bench.registry.update(
                bench.registry.byPath(topic).orElseThrow().id(),
                0,
                NodeChange.ofPolicy(policy -> policy.withValidation(ValidationMode.OFF)),
                Bench.ANNA);

        bench.publish(topic, "{\"a\":\"x\",\"c\":1}");
        bench.publish(topic, "no json");

        assertThat(value(topic).violations()).isZero();
        assertThat(value(topic).valid()).isTrue();
    }

    /** Keeps what it hears. */
    private static final class Heard implements ValueListener {
        private final BlockingQueue<TopicValue> values = new LinkedBlockingQueue<>();
        private volatile String wanted = "";

        @Override
        public void onValue(TopicValue value) {
            values.add(value);
        }

        @Override
        public boolean wants(String topic) {
            return wanted.isEmpty() || wanted.equals(topic);
        }

        TopicValue next() throws InterruptedException {
            TopicValue value = values.poll(5, TimeUnit.SECONDS);
            assertThat(value).as("a value within 5 s").isNotNull();
            return value;
        }
    }
}
