package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.ModelProposal;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Models that are read off payloads. */
class ModelProposalsTest {
    private final Bench bench = new Bench();

    private ModelProposal proposal(String... payloads) {
        for (String payload : payloads) {
            bench.publish("t", payload);
        }
        return bench.registry.proposeFor("t");
    }

    private TopicValue value() {
        return bench.registry.value("t").orElseThrow();
    }

    private Node convert(Model model) {
        return bench.registry.convert("t", "t", TopicType.METRIC, model, Bench.ANNA);
    }

    @Test
    void roundNumber_isADouble_andTakesAFractionLater() {
        convert(proposal("{\"temp\":20}").model());

        bench.publish("t", "{\"temp\":20.5}");

        assertThat(value().fields())
                .extracting(FieldValue::json, FieldValue::quality)
                .containsExactly(tuple("20.5", Quality.GOOD));
        assertThat(value().violations()).isZero();
    }

    @Test
    void allPayloadsThatAreKept_areLookedAt() {
        ModelProposal proposal =
                proposal(
                        "{\"state\":\"RUN\",\"speed\":null,\"n\":\"72.4\",\"only\":true}",
                        "{\"state\":null,\"speed\":402.5,\"n\":72}",
                        "{\"state\":\"STOP\",\"speed\":400}");

        assertThat(proposal.payloads()).isEqualTo(3);
        assertThat(proposal.model().fields())
                .extracting(Field::name, Field::type, Field::nullable, Field::coerce)
                .containsExactly(
                        tuple("state", FieldType.STRING, true, false),
                        tuple("speed", FieldType.DOUBLE, true, false),
                        tuple("n", FieldType.DOUBLE, false, true),
                        tuple("only", FieldType.BOOLEAN, false, false));
        assertThat(proposal.model().fields()).noneMatch(Field::required);
    }

    @Test
    void payloadsThatAreKept_areTheLastOnes() {
        for (int i = 0; i < 24; i++) {
            bench.publish("t", "{\"f" + i + "\":1}");
        }

        assertThat(bench.registry.proposeFor("t").model().fields())
                .extracting(Field::name)
                .hasSize(20)
                .startsWith("f4")
                .endsWith("f23");
    }

    @Test
    void nullAlone_decidesNothing() {
        ModelProposal proposal = proposal("{\"a\":null}", "{\"a\":null}");

        assertThat(proposal.model().fields())
                .extracting(Field::type, Field::nullable)
                .containsExactly(tuple(FieldType.DOUBLE, true));
        assertThat(proposal.notes())
                .containsExactly(
                        "\"a\" was null in all payloads, which says nothing of its type: DOUBLE is"
                                + " a guess.");
    }

    @Test
    void types_areThoseThatTakeAllValues() {
        ModelProposal proposal =
                proposal(
                        "{\"id\":9007199254740993,\"at\":\"2026-11-23T08:15:30Z\",\"serial\":\"0012\","
                            + "\"day\":\"2026-11-23\",\"mixed\":1,\"huge\":1e999}",
                        "{\"id\":1,\"at\":\"2026-11-23T08:15:31Z\",\"serial\":\"0013\",\"day\":\"x\","
                            + "\"mixed\":\"hot\"}");

        assertThat(proposal.model().fields())
                .extracting(Field::name, Field::type)
                .containsExactly(
                        tuple("id", FieldType.LONG),
                        tuple("at", FieldType.DATETIME),
                        tuple("serial", FieldType.STRING),
                        tuple("day", FieldType.STRING));
        assertThat(proposal.notes())
                .containsExactly(
                        "\"mixed\" is left out: it was once a number, once text.",
                        "\"huge\" is left out: it was a number beyond all types.");
    }

    @Test
    void nestedValues_becomeFieldsWithAPath_andAreRead() {
        String payload =
                "{\"machine\":{\"spindle\":{\"rpm\":11980,\"load_pct\":62.5},\"axes\":["
                        + "{\"n\":\"X\",\"pos\":120.314},{\"n\":\"Y\",\"pos\":-14.002}]},"
                        + "\"ts\":\"2026-11-23T08:15:31Z\"}";
        ModelProposal proposal = proposal(payload);

        assertThat(proposal.model().fields())
                .extracting(Field::name, Field::source, Field::type)
                .containsExactly(
                        nested("machine.spindle.rpm", "machine.spindle.rpm", FieldType.DOUBLE),
                        nested(
                                "machine.spindle.load_pct",
                                "machine.spindle.load_pct",
                                FieldType.DOUBLE),
                        nested("machine.axes.0.n", "machine.axes[0].n", FieldType.STRING),
                        nested("machine.axes.0.pos", "machine.axes[0].pos", FieldType.DOUBLE),
                        nested("machine.axes.1.n", "machine.axes[1].n", FieldType.STRING),
                        nested("machine.axes.1.pos", "machine.axes[1].pos", FieldType.DOUBLE));
        assertThat(proposal.notes()).containsExactly("\"ts\" is read as the source time.");
        convert(proposal.model());
        assertThat(value().fields())
                .extracting(FieldValue::json)
                .containsExactly("11980", "62.5", "\"X\"", "120.314", "\"Y\"", "-14.002");
        assertThat(value().timestamp()).isEqualTo("2026-11-23T08:15:31Z");
        assertThat(bench.restarted().byPath("t").orElseThrow().payload().model())
                .isEqualTo(proposal.model());
    }

    private static org.assertj.core.groups.Tuple nested(
            String name, String source, FieldType type) {
        return tuple(name, source, type);
    }

    @Test
    void nestedValueOfAnotherType_isAViolationOfItsField() {
        convert(proposal("{\"spindle\":{\"load\":62.5}}").model());

        bench.publish("t", "{\"spindle\":{\"load\":\"high\"}}");

        assertThat(value().lastViolation())
                .extracting(Violation::code, Violation::field)
                .containsExactly(Violation.Code.TYPE, "spindle.load");
    }

    @Test
    void keysThatLookLikePaths_areKeys() {
        ModelProposal proposal =
                proposal("{\"a\":{\"b\":1,\"c.d\":2,\"it's\":3},\"a.b\":\"x\",\"1-0:1.8.0\":5}");

        convert(proposal.model());

        assertThat(proposal.model().fields())
                .extracting(Field::name, Field::source)
                .containsExactly(
                        tuple("a.b", "['a']['b']"),
                        tuple("a.c.d", "a['c.d']"),
                        tuple("a.it's", "a['it''s']"),
                        tuple("1-0:1.8.0", null));
        assertThat(value().fields()).extracting(FieldValue::json).startsWith("1", "2", "3", "5");
        assertThat(value().violations()).isZero();
    }

    @Test
    void lists_ofChangingLength_areLeftOut() {
        ModelProposal proposal =
                proposal(
                        "{\"v\":1,\"xyz\":[1,2,3],\"active\":[{\"code\":1}],\"none\":[]}",
                        "{\"v\":1,\"xyz\":[1,2.5,3],\"active\":[],\"none\":[]}");

        assertThat(proposal.model().fields())
                .extracting(Field::name)
                .containsExactly("v", "xyz.0", "xyz.1", "xyz.2");
        assertThat(proposal.notes())
                .containsExactly(
                        "\"active\" is left out: a list of 0 to 1 elements (expected: always as"
                                + " many, 1 to 16). In a State or Action it can be a field of type"
                                + " ARRAY.",
                        "\"none\" is left out: a list of 0 elements (expected: always as many, 1 to"
                                + " 16). In a State or Action it can be a field of type ARRAY.");
    }

    @Test
    void sourceTimeAndQuality_areNoFields() {
        ModelProposal proposal =
                proposal(
                        "{\"name\":\"FanSpeed\",\"value\":1180.5,\"Time\":\"2026-11-23T09:15:31\","
                                + "\"quality\":192}",
                        "{\"name\":\"FanSpeed\",\"value\":1180,\"Time\":\"2026-11-23T09:15:32\","
                                + "\"quality\":0}");

        assertThat(proposal.model().fields())
                .extracting(Field::name)
                .containsExactly("name", "value");
        assertThat(proposal.model().quality()).isEqualTo("quality");
        assertThat(proposal.notes())
                .containsExactly(
                        "\"Time\" is read as the source time; it has no offset, so the topic or a"
                                + " path above it needs a timeZone.",
                        "\"quality\" is read as the quality that the source says.");
    }

    @Test
    void qualityThatMayBeSomethingElse_isAField() {
        ModelProposal proposal = proposal("{\"oee\":0.8,\"quality\":0.9983,\"q\":true}");

        assertThat(proposal.model().quality()).isNull();
        assertThat(proposal.model().fields())
                .extracting(Field::name)
                .containsExactly("oee", "quality", "q");
    }

    @Test
    void bareValues_areOneField() {
        ModelProposal proposal = proposal("72", "72.4");

        assertThat(proposal.format()).isEqualTo(PayloadFormat.SCALAR);
        assertThat(proposal.model().fields()).containsExactly(Field.of("value", FieldType.DOUBLE));
        convert(proposal.model());
        assertThat(value().fields().get(0).json()).isEqualTo("72.4");
    }

    @Test
    void whatIsNoJson_hasNoFields() {
        assertThat(proposal("2026-11-23 08:15:31;72.4").model()).isEqualTo(Model.ANY);
        assertThat(bench.registry.proposeFor("t").format()).isEqualTo(PayloadFormat.TEXT);
        assertThatThrownBy(() -> bench.registry.proposeFor("nowhere"))
                .isInstanceOf(NoSuchElementException.class);
    }

    /** What is proposed can be saved, for all types of topics, and fits what it was read off. */
    @Test
    void proposal_ofAnyJson_canBeSaved_andFitsItsPayloads() {
        long seed = 20261130;
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            String topic = "random/" + i;
            List<String> payloads = new ArrayList<>();
            for (int n = random.nextInt(4); n >= 0; n--) {
                payloads.add(RandomJson.object(random, 1000));
            }
            payloads.forEach(payload -> bench.publish(topic, payload));
            Model model = bench.registry.proposeFor(topic).model();
            TopicType type = TopicType.values()[i % 3];

            Node node = bench.registry.convert(topic, topic, type, model, Bench.ANNA);
            payloads.forEach(payload -> bench.publish(topic, payload));

            TopicValue value = bench.registry.value(topic).orElseThrow();
            assertThat(value.lastViolation()).as("%s of %s", node, payloads).isNull();
        }
    }
}
