package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.busbar.api.uns.BranchConversion;
import io.busbar.api.uns.ConversionReport;
import io.busbar.api.uns.Expectation;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.ImportProblem;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.ModelProposal;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.TakenException;
import io.busbar.api.uns.TextSource;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.Violation;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is refused, passed over or cannot be read has a reason that programs can say in any
 * language.
 */
class ReasonsTest {
    private final Bench bench = new Bench();
    private final UnsRegistry registry = bench.registry;

    private ImportResult rehearse(String document) throws IOException {
        return registry.importJson(TextSource.of(document), true, Bench.ANNA);
    }

    private static Reason reason(ImportProblem problem) {
        Reason reason = problem.reason();
        assertThat(reason).as(problem.message()).isNotNull();
        return reason;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'PATH'}|MISSING|name",
                "{'name':'a'}|MISSING|type",
                "{'name':'a','type':'X'}|NOT_ONE_OF|type",
                "{'name':'$a','type':'PATH'}|NAME_DOLLAR|name",
                "{'name':'a/b','type':'PATH'}|NAME_CHARACTER|name",
                "{'name':5,'type':'PATH'}|NO_TEXT|name",
                "{'name':'a','type':'PATH','displayname':'x'}|UNKNOWN_KEY|",
                "{'name':'a','type':'PATH','timeZone':'Mars'}|TIME_ZONE|timeZone",
                "{'name':'a','type':'PATH','alias':'a b'}|ALIAS|alias",
                "{'name':'a','type':'PATH','staleAfterSeconds':-1}|OUT_OF_RANGE|staleAfterSeconds",
                "{'name':'a','type':'PATH','maxPayloadBytes':-1}|OUT_OF_RANGE|maxPayloadBytes",
                "{'name':'a','type':'PATH','maxMessagesPerSecond':2.5}|NO_WHOLE_NUMBER|maxMessagesPerSecond",
                "{'name':'a','type':'PATH','writable':'perhaps'}|NO_BOOLEAN|writable",
                "{'name':'a','type':'PATH','fields':[{'name':'x','type':'INT'}]}|ONLY_TOPICS|fields",
                "{'name':'a','type':'TOPIC','topicType':'STATE','template':'t'}|NO_TEMPLATE|template",
                "{'name':'a','type':'TOPIC','topicType':'STATE','fields':[{'name':'x'}]}|MISSING|fields[0].type",
                "{'name':'a','type':'TOPIC','topicType':'STATE','fields':[{'name':'x','type':'INT','min':'low'}]}|NO_NUMBER|fields[0].min",
                "{'name':'a','type':'TOPIC','topicType':'STATE','fields':[{'name':'x','type':'INT','min':5,'max':2}]}|MIN_ABOVE_MAX|x.min",
                "{'name':'a','type':'TOPIC','topicType':'METRIC','fields':[{'name':'x','type':'ARRAY'}]}|NOT_IN_METRIC|x.type",
            })
    void mistakeOfADocument_hasItsCodeAndPlace(String node, String code, String at)
            throws IOException {
        ImportResult result = rehearse("{\"namespace\":[" + node.replace('\'', '"') + "]}");

        assertThat(result.problems()).hasSize(1);
        Reason reason = reason(result.problems().get(0));
        assertThat(reason.code()).isEqualTo(Reason.Code.valueOf(code));
        assertThat(reason.parameters().get("at")).isEqualTo(at);
    }

    @Test
    void everyProblemAndNote_ofAMixedDocument_hasAReason() throws IOException {
        ImportResult result =
                rehearse(
                        "{\"notes\":\"x\",\"labels\":[\"unused\"],\"ignored\":[1,\"a/#/b\"],"
                            + "\"other\":1,\"templates\":[{\"name\":\"t\",\"fields\":[]}],"
                            + "\"namespace\":[1,{\"name\":\"a\",\"type\":\"PATH\",\"mockData\":true},"
                            + "{\"name\":\"a\",\"type\":\"PATH\"}]}");

        assertThat(result.problems()).hasSizeGreaterThan(3).allSatisfy(ReasonsTest::reason);
        assertThat(result.notes()).hasSizeGreaterThan(2).allSatisfy(ReasonsTest::reason);
    }

    @Test
    void documentThatIsNoJson_saysFromWhere() throws IOException {
        Reason reason = reason(rehearse("{\n \"namespace\": [\n x").problems().get(0));

        assertThat(reason.code()).isEqualTo(Reason.Code.NO_JSON);
        assertThat(reason.parameters().get("line")).isEqualTo("3");
    }

    @Test
    void topicsThatCannotBeConverted_sayWhy() {
        registry.create(NewNode.topic("plant", "b", TopicType.STATE, Model.ANY), Bench.ANNA);
        String taken = registry.children(null).get(0).path() + "/State";
        bench.publish("gw/a", "1");
        bench.publish("gw/b", "1");

        ConversionReport report =
                registry.convert(
                        new BranchConversion("gw", taken, TopicType.STATE), true, Bench.ANNA);

        assertThat(report.problems()).isEqualTo(1);
        assertThat(report.topics())
                .filteredOn(row -> row.problem() != null)
                .allSatisfy(
                        row -> {
                            assertThat(row.reason()).isNotNull();
                            assertThat(row.reason().code()).isEqualTo(Reason.Code.PATH_EXISTS);
                            assertThat(row.reason().parameters())
                                    .containsEntry("found", taken + "/b");
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|PAYLOAD_EMPTY",
                "{\"a\":1|PAYLOAD_CUT_OFF",
                "{\"a\":1}x|PAYLOAD_GOES_ON",
                "{\"a\":01}|PAYLOAD_NUMBER",
                "{\"a\":1,\"a\":2}|PAYLOAD_KEY_TWICE",
                "{a:1}|PAYLOAD_NO_JSON",
                "[1]|PAYLOAD_ARRAY",
                "7|PAYLOAD_BARE",
            })
    void payloadThatCannotBeRead_saysWhy(String payload, String code) {
        String topic = topic();
        bench.publish(topic, payload);

        Violation violation = registry.violations(topic).orElseThrow().kinds().get(0).last();

        assertThat(violation.code()).isEqualTo(Violation.Code.FORMAT);
        assertThat(violation.reason()).isNotNull();
        assertThat(violation.reason().code()).isEqualTo(Reason.Code.valueOf(code));
    }

    @Test
    void timeAheadOfTheServer_saysHowFarItMayBe() {
        String topic = topic();
        bench.publish(topic, "{\"a\":1,\"b\":2,\"ts\":\"2499-01-01T00:00:00Z\"}");

        Violation violation = registry.violations(topic).orElseThrow().kinds().get(0).last();

        assertThat(violation.code()).isEqualTo(Violation.Code.TIMESTAMP);
        assertThat(violation.expectation()).isNotNull();
        assertThat(violation.expectation().kind()).isEqualTo(Expectation.Kind.AHEAD);
        assertThat(violation.detail()).contains("ahead of the server's clock");
    }

    private String topic() {
        List<Field> fields =
                List.of(Field.of("a", FieldType.DOUBLE), Field.of("b", FieldType.DOUBLE));
        return registry.create(
                        NewNode.topic(
                                "Plant",
                                "t",
                                TopicType.STATE,
                                new Model(fields, UnknownFields.ALLOW)),
                        Bench.ANNA)
                .path();
    }

    @Test
    void refusedChange_saysWhy() {
        registry.create(NewNode.path("", "a"), Bench.ANNA);

        TakenException taken =
                catchThrowableOfType(
                        TakenException.class,
                        () -> registry.create(NewNode.path("", "a"), Bench.ANNA));
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> registry.create(NewNode.path("", "b\u0007"), Bench.ANNA));

        assertThat(taken.reason()).isEqualTo(Reason.of(Reason.Code.PATH_EXISTS, "found", "a"));
        assertThat(refused.reason().code()).isEqualTo(Reason.Code.NAME_INVISIBLE);
        assertThat(refused.reason().parameters()).containsEntry("character", "U+0007");
    }

    @Test
    void changeOfATopicsType_saysThatItStays() {
        Node node = registry.byPath(topic()).orElseThrow();
        NodeChange change =
                NodeChange.ofPayload(
                        payload -> NodePayload.json(TopicType.METRIC, payload.model()));

        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> registry.update(node.id(), 0, change, Bench.ANNA));

        assertThat(refused.reason().code()).isEqualTo(Reason.Code.TYPE_STAYS);
        assertThat(refused.reason().parameters()).containsEntry("found", "METRIC");
    }

    @Test
    void topicsThatAreIgnored_areNotIgnoredAgain() {
        registry.ignore("gw/#", Bench.ANNA);

        TakenException taken =
                catchThrowableOfType(
                        TakenException.class, () -> registry.ignore("gw/#", Bench.ANNA));

        assertThat(taken.reason().code()).isEqualTo(Reason.Code.IGNORED_ALREADY);
    }

    @Test
    void proposal_hasAReasonForEachNote() {
        ModelProposal proposal =
                registry.propose("{\"ts\":\"2026-11-23T08:16:00Z\",\"q\":192,\"v\":null}");

        assertThat(proposal.reasons()).hasSameSizeAs(proposal.notes());
        assertThat(proposal.reasons())
                .extracting(Reason::code)
                .contains(Reason.Code.PROPOSED_TIME, Reason.Code.PROPOSED_NULL);
    }
}
