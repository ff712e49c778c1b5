package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.QualityReason;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.Violation;
import io.busbar.api.uns.spi.PayloadReader;
import io.busbar.testkit.log.CapturedLog;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Constants;

/** Payload formats that other bundles read. */
class PayloadReadersTest {
    private static final PayloadFormat CSV = new PayloadFormat("CSV");
    private static final Map<String, Object> READS_CSV =
            Map.of(PayloadReader.PAYLOAD_FORMAT, "CSV");
    private static final Model MODEL =
            new Model(
                    List.of(
                            Field.of("speed", FieldType.DOUBLE),
                            Field.of("state", FieldType.STRING)),
                    UnknownFields.WARN);

    private final Bench bench = new Bench();
    private final PayloadReader csv = new CsvReader();

    private Node topic(Model model) {
        NewNode wanted = NewNode.topic("P", "t", TopicType.STATE, model);
        return bench.registry.create(
                wanted.withPayload(wanted.payload().withFormat(CSV)), Bench.ANNA);
    }

    private String csvTopic() {
        bench.registry.addPayloadReader(csv, READS_CSV);
        return topic(MODEL).path();
    }

    private TopicValue value(String topic) {
        return bench.registry.value(topic).orElseThrow();
    }

    @Test
    void payload_ofAnotherBundlesFormat_fillsTheFields() {
        String topic = csvTopic();

        bench.publish(topic, "72.4;RUN");

        assertThat(value(topic).format()).isEqualTo(CSV);
        assertThat(value(topic).quality()).isEqualTo(Quality.GOOD);
        assertThat(value(topic).fields())
                .extracting(FieldValue::json)
                .containsExactly("72.4", "\"RUN\"");
        bench.publish(topic, "fast;RUN");
        assertThat(value(topic).lastViolation().code()).isEqualTo(Violation.Code.TYPE);
        bench.publish(topic, "1");
        assertThat(value(topic).lastViolation())
                .extracting(Violation::code, Violation::detail)
                .containsExactly(Violation.Code.FORMAT, "the payload has 1 columns (expected: 2)");
        assertThat(value(topic).violations()).isEqualTo(2);
    }

    @Test
    void payload_withoutQuotationMarks_isReadAsTheFieldsTypesSay() {
        bench.registry.addPayloadReader(csv, READS_CSV);
        String topic =
                topic(
                                new Model(
                                        List.of(
                                                Field.of("n", FieldType.INTEGER),
                                                Field.of("on", FieldType.BOOLEAN),
                                                Field.of("code", FieldType.STRING)),
                                        UnknownFields.WARN))
                        .path();

        bench.publish(topic, "5;true;0815");

        assertThat(value(topic).lastViolation()).isNull();
        assertThat(value(topic).fields())
                .extracting(FieldValue::json)
                .containsExactly("5", "true", "\"0815\"");
        for (String no : new String[] {"", "NaN", "1d", "0x1p3", "007", "\"5\"", "5,6", " 5 6"}) {
            bench.publish(topic, no + ";true;0815");
            assertThat(value(topic).lastViolation().code()).as(no).isEqualTo(Violation.Code.TYPE);
            assertThat(value(topic).fields().get(2).quality()).isEqualTo(Quality.GOOD);
        }
    }

    @Test
    void stateOfASparkplugHost_isJson() {
        bench.publish("spBv1.0/STATE/host1", "{\"online\":true,\"timestamp\":1795421730000}");

        TopicValue value = value("spBv1.0/STATE/host1");
        assertThat(value.format()).isEqualTo(PayloadFormat.JSON);
        assertThat(value.timestamp()).isEqualTo("2026-11-23T08:15:30Z");
        assertThat(value.fields())
                .extracting(FieldValue::name, FieldValue::json)
                .containsExactly(tuple("online", "true"));
    }

    @Test
    void valuesThatTheModelDoesNotKnow_areShownEachAsItCame() {
        bench.registry.addPayloadReader(
                (message, model, into) -> {
                    into.text("first", "long enough");
                    into.number("second", 7);
                },
                READS_CSV);
        String topic = topic(MODEL).path();

        bench.publish(topic, "x");

        assertThat(value(topic).fields())
                .extracting(FieldValue::name, FieldValue::json)
                .contains(tuple("first", "\"long enough\""), tuple("second", "7"));
    }

    @Test
    void create_formatThatNobodyReads_isRefusedAndNamesThoseThatAreRead() {
        assertThatThrownBy(() -> topic(MODEL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "payloadFormat: 'CSV' (expected: JSON, SCALAR, TEXT, BINARY, SPARKPLUG_B)");

        bench.registry.addPayloadReader(csv, READS_CSV);

        assertThat(bench.registry.formats()).hasSize(6).endsWith(CSV);
        assertThat(topic(MODEL).payload().format()).isEqualTo(CSV);
    }

    @Test
    void reader_withoutAFormat_isNamedOnceAndNotSpokenOfAgain() {
        try (CapturedLog log = new CapturedLog()) {
            bench.registry.addPayloadReader(csv, Map.of(PayloadReader.PAYLOAD_FORMAT, "csv"));
            bench.registry.removePayloadReader(csv);

            assertThat(log.take())
                    .hasSize(2)
                    .allMatch(line -> line.contains("WARN"))
                    .last()
                    .asString()
                    .contains("reads nothing");

            bench.registry.addPayloadReader(csv, READS_CSV);
            bench.registry.removePayloadReader(csv);

            assertThat(log.take()).hasSize(2).allMatch(line -> line.contains("formats=[CSV]"));
        }
    }

    @Test
    void reader_goes_nodesSayThatNobodyReads_andOtherChangesGoOn() {
        String silent = csvTopic();
        String topic = silent.replace("State/t", "State/u");
        bench.registry.create(
                NewNode.topic("P", "u", TopicType.STATE, MODEL)
                        .withPayload(bench.registry.byPath(silent).orElseThrow().payload()),
                Bench.ANNA);
        bench.publish(topic, "72.4;RUN");

        bench.registry.removePayloadReader(csv);
        bench.publish(topic, "80;RUN");

        assertThat(value(topic).quality()).isEqualTo(Quality.BAD);
        assertThat(value(topic).fields())
                .extracting(FieldValue::json, FieldValue::quality)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("72.4", Quality.BAD),
                        org.assertj.core.groups.Tuple.tuple("\"RUN\"", Quality.BAD));
        assertThat(value(topic).lastViolation().detail()).contains("no reader for CSV");
        assertThat(value(topic).valid()).isFalse();
        assertThat(value(topic).violations()).isZero();
        assertThat(value(topic).messages()).isEqualTo(2);
        assertThat(value(silent).quality()).isEqualTo(Quality.GOOD_NO_DATA);
        assertThat(value(silent).fields())
                .extracting(FieldValue::quality)
                .containsOnly(Quality.GOOD_NO_DATA);
        assertThat(value(silent).lastViolation().detail()).isEqualTo("no reader for CSV");
        assertThat(value(silent).valid()).isTrue();
        assertThat(bench.registry.stats().violations()).isZero();
        Node changed =
                bench.registry.update(
                        bench.registry.byPath(topic).orElseThrow().id(),
                        0,
                        NodeChange.ofLabels(labels -> labels.withDisplayName("U")),
                        Bench.ANNA);
        assertThat(changed.payload().format()).isEqualTo(CSV);
    }

    @Test
    void reader_comesBack_readsTheLastPayloadsAnew() {
        String topic = csvTopic();
        bench.publish(topic, "72.4;RUN");
        bench.registry.removePayloadReader(csv);
        bench.publish(topic, "80;STOP");

        bench.registry.addPayloadReader(csv, READS_CSV);

        assertThat(value(topic).quality()).isEqualTo(Quality.GOOD);
        assertThat(value(topic).fields())
                .extracting(FieldValue::json)
                .containsExactly("80", "\"STOP\"");
        assertThat(value(topic).lastViolation()).isNull();
        assertThat(value(topic).valid()).isTrue();
    }

    @Test
    void start_withoutTheReader_loadsTheNodes() {
        String topic = csvTopic();

        bench.restarted();
        bench.publish(topic, "72.4;RUN");

        assertThat(value(topic).lastViolation().detail()).contains("no reader for CSV");
        bench.registry.addPayloadReader(csv, READS_CSV);
        assertThat(value(topic).fields().get(0).json()).isEqualTo("72.4");
    }

    @Test
    void topicWithoutModel_ofAFormatWithoutReader_isBadAndSaysWhy() {
        bench.registry.addPayloadReader(csv, READS_CSV);
        String topic = topic(Model.ANY).path();
        bench.registry.removePayloadReader(csv);

        bench.publish(topic, "72.4;RUN");

        assertThat(value(topic).quality()).isEqualTo(Quality.BAD);
        assertThat(value(topic).lastViolation().detail()).contains("no reader for CSV");
        assertThat(value(topic).valid()).isFalse();
    }

    @Test
    void import_mayNameOnlyFormatsThatAreRead_theStartAlsoThoseThatComeLater() {
        String file =
                "{\"namespace\":[{\"name\":\"t\",\"type\":\"TOPIC\",\"topicType\":\"STATE\",\"payloadFormat\":\"csv\"}]}";

        ImportResult refused = Bench.importJson(bench.registry, file, false, Bench.ANNA);
        ImportResult made = Bench.ensure(bench.registry, file, false);

        assertThat(refused.problems()).first().asString().contains("payloadFormat: 'csv'");
        assertThat(made.problems()).isEmpty();
        assertThat(bench.registry.byPath("t").orElseThrow().payload().format()).isEqualTo(CSV);
        assertThat(Bench.export(bench.registry)).contains("\"payloadFormat\": \"CSV\"");
    }

    @Test
    void reader_thatThrows_costsThatPayloadAlone() {
        bench.registry.addPayloadReader(
                (message, model, into) -> {
                    into.number("speed", 1);
                    if (message.payload()[0] == '!') {
                        throw new IllegalStateException("cannot");
                    }
                },
                READS_CSV);
        String topic = topic(MODEL).path();

        bench.publish(topic, "!");

        assertThat(value(topic).lastViolation())
                .extracting(Violation::code, Violation::detail)
                .containsExactly(
                        Violation.Code.FORMAT,
                        "the payload is not read: the reader for CSV failed:"
                                + " java.lang.IllegalStateException: cannot");
        assertThat(value(topic).fields().get(0).json()).isNull();
        assertThat(value(topic).violations()).isEqualTo(1);
        bench.publish(topic, "ok");
        assertThat(value(topic).fields().get(0).json()).isEqualTo("1");
        assertThat(value(topic).quality()).isEqualTo(Quality.GOOD);
    }

    @Test
    void reader_thatGivesNoJson_failsAndNothingIsTakenOver() {
        bench.registry.addPayloadReader(
                (message, model, into) -> into.json("speed", "72.4.1"), READS_CSV);
        String topic = topic(MODEL).path();

        bench.publish(topic, "x");

        assertThat(value(topic).lastViolation().detail()).contains("failed").contains("72.4.1");
        assertThat(value(topic).fields().get(0).json()).isNull();
    }

    @Test
    void reader_givesTimesAndQualities_valueByValue() {
        Instant earlier = Instant.parse("2026-11-23T08:00:00Z");
        Instant later = Instant.parse("2026-11-23T08:10:00Z");
        bench.registry.addPayloadReader(
                (message, model, into) -> {
                    into.time(earlier);
                    into.number("speed", 1);
                    into.quality(Quality.UNCERTAIN);
                    into.text("state", "RUN");
                    into.time(later);
                    into.quality(Quality.GOOD);
                    into.number("speed", 2);
                },
                READS_CSV);
        String topic = topic(MODEL).path();

        bench.publish(topic, "x");

        assertThat(value(topic).fields())
                .containsExactly(
                        new FieldValue("speed", "2", Quality.GOOD, later),
                        new FieldValue(
                                "state",
                                "\"RUN\"",
                                Quality.UNCERTAIN,
                                QualityReason.of(QualityReason.Code.SOURCE),
                                earlier));
        assertThat(value(topic).timestamp()).isEqualTo(later);
        assertThat(value(topic).quality()).isEqualTo(Quality.UNCERTAIN);
        assertThat(value(topic).violations()).isZero();
    }

    @Test
    void reader_givesATimeAhead_isUncertainAsOfArrival() {
        bench.registry.addPayloadReader(
                (message, model, into) -> {
                    into.time(Bench.START.plusSeconds(3600));
                    into.number("speed", 1);
                },
                READS_CSV);
        String topic = topic(MODEL).path();

        bench.publish(topic, "x");

        assertThat(value(topic).fields().get(0))
                .isEqualTo(
                        new FieldValue(
                                "speed",
                                "1",
                                Quality.UNCERTAIN,
                                new QualityReason(QualityReason.Code.SOURCE_TIME, 600),
                                Bench.START));
        assertThat(value(topic).lastViolation().code()).isEqualTo(Violation.Code.TIMESTAMP);
    }

    @Test
    void value_thatTheSourceDoesNotHave_isBadAndKeepsTheLastOne() {
        bench.registry.addPayloadReader(
                (message, model, into) ->
                        into.number("speed", message.payload()[0] == '?' ? Double.NaN : 5),
                READS_CSV);
        String topic = topic(MODEL).path();
        bench.publish(topic, "x");

        bench.publish(topic, "?");

        assertThat(value(topic).fields().get(0))
                .extracting(FieldValue::json, FieldValue::quality)
                .containsExactly("5.0", Quality.BAD);
        assertThat(value(topic).violations()).isZero();
    }

    @Test
    void readers_ofTheSameFormat_theHighestRankedReads() {
        PayloadReader low = (message, model, into) -> into.number("speed", 1);
        PayloadReader high = (message, model, into) -> into.number("speed", 2);
        bench.registry.addPayloadReader(
                high,
                Map.of(
                        PayloadReader.PAYLOAD_FORMAT,
                        new String[] {"CSV", "JSON", "not a name"},
                        Constants.SERVICE_RANKING,
                        5));
        bench.registry.addPayloadReader(low, READS_CSV);
        String topic = topic(MODEL).path();
        String json =
                bench.registry
                        .create(NewNode.topic("P", "j", TopicType.STATE, MODEL), Bench.ANNA)
                        .path();

        bench.publish(topic, "x");
        bench.publish(json, "{\"speed\":9}");

        assertThat(value(topic).fields().get(0).json()).isEqualTo("2");
        assertThat(value(json).fields().get(0).json()).isEqualTo("2");
        bench.registry.removePayloadReader(high);
        assertThat(value(topic).fields().get(0).json()).isEqualTo("1");
        assertThat(value(json).fields().get(0).json()).isEqualTo("9");
    }
}
