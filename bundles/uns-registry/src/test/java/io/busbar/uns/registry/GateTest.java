package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Inherited;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.TopicPolicy;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.ValidationMode;
import io.busbar.api.uns.spi.PayloadReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to messages before they are delivered, by the policies of their topics. */
class GateTest {
    private static final String GOOD = "{\"temp\":20.5}";
    private static final String BAD = "{\"temp\":\"hot\"}";
    private static final String REFUSING = "uns-gate-refusing";
    private static final String TELLING = "uns-gate-telling";

    private final Bench bench = new Bench();
    private String topic = "";

    @BeforeEach
    void makeTopic() {
        topic = make("Plant/Line", "oven", UnknownFields.ALLOW).path();
    }

    private Node make(String parent, String name, UnknownFields unknown) {
        return bench.registry.create(
                NewNode.topic(
                        parent,
                        name,
                        TopicType.METRIC,
                        new Model(List.of(Field.of("temp", FieldType.DOUBLE)), unknown)),
                Bench.ANNA);
    }

    private void say(String path, UnaryOperator<NodePolicy> policy) {
        bench.registry.update(
                bench.registry.byPath(path).orElseThrow().id(),
                0,
                NodeChange.ofPolicy(policy),
                Bench.ANNA);
    }

    private void validation(String path, ValidationMode mode) {
        say(path, policy -> policy.withValidation(mode));
    }

    private Message message(String on, String payload) {
        return bench.message(on, payload.getBytes(StandardCharsets.UTF_8), false);
    }

    private PublishVerdict judge(String on, String payload) {
        return bench.gates.judge(message(on, payload));
    }

    private TopicValue value() {
        return bench.registry.value(topic).orElseThrow();
    }

    private static PublishVerdict.Refuse refused(PublishVerdict verdict) {
        assertThat(verdict).isInstanceOf(PublishVerdict.Refuse.class);
        return (PublishVerdict.Refuse) verdict;
    }

    @ParameterizedTest
    @EnumSource(names = {"OFF", "OBSERVE"})
    void modesThatOnlyLook_costNoCall(ValidationMode mode) {
        int before = bench.gates.offers();

        validation("Plant", mode);

        assertThat(bench.gates.isEmpty()).isTrue();
        assertThat(bench.gates.offers()).isEqualTo(before);
    }

    @Test
    void reject_refusesWhatDoesNotFit_andSaysFieldTypeExpectationAndRevision() {
        validation("Plant", ValidationMode.REJECT);
        long revision = bench.registry.byPath(topic).orElseThrow().revision();

        assertThat(judge(topic, GOOD)).isSameAs(PublishVerdict.PASS);
        PublishVerdict.Refuse refused = refused(judge(topic, BAD));

        assertThat(refused.code()).isEqualTo(ReasonCode.PAYLOAD_FORMAT_INVALID);
        assertThat(refused.reason())
                .isEqualTo(
                        "TYPE: field temp is STRING: \"hot\" (expected: a number); revision "
                                + revision
                                + " of the model");
        assertThat(refused.close()).isFalse();
    }

    @Test
    void closeOnReject_isInheritedAndTakenBack_andConcernsNothingElse() {
        validation("Plant", ValidationMode.REJECT);
        say("Plant", policy -> policy.withCloseOnReject(true));
        String open = make("Plant/Line", "open", UnknownFields.ALLOW).path();
        say(open, policy -> policy.withCloseOnReject(false));

        assertThat(refused(judge(topic, BAD)).close()).isTrue();
        assertThat(refused(judge(open, BAD)).close()).isFalse();

        say("Plant", policy -> policy.withTopicPolicy(TopicPolicy.DENY));
        say(topic, policy -> policy.withMaxMessagesPerSecond(1));
        judge(topic, GOOD);
        assertThat(refused(judge(topic, GOOD)).close()).isFalse();
        assertThat(refused(judge("Plant/unknown", GOOD)).close()).isFalse();
        say("Plant", policy -> policy.withCloseOnReject(null));
        say(topic, policy -> policy.withMaxMessagesPerSecond(null));
        assertThat(refused(judge(topic, BAD)).close()).isFalse();
    }

    @Test
    void reject_countsAndShows_butTheValueStays() {
        validation("Plant", ValidationMode.REJECT);
        bench.publish(topic, GOOD);

        judge(topic, BAD);

        assertThat(value().fields().get(0).json()).isEqualTo("20.5");
        assertThat(value().quality()).isEqualTo(Quality.GOOD);
        assertThat(value().violations()).isEqualTo(1);
        assertThat(value().lastViolation().field()).isEqualTo("temp");
        assertThat(bench.registry.violating(10))
                .extracting(TopicValue::topic)
                .containsExactly(topic);
        assertThat(bench.registry.violations(topic).orElseThrow().kinds())
                .allMatch(kind -> kind.publisher() == Bench.GATEWAY);
        assertThat(bench.registry.stats().violations()).isEqualTo(1);

        bench.publish(topic, GOOD);
        assertThat(bench.registry.violating(10)).isEmpty();
    }

    @Test
    void reject_isNotHealedByWhatWasOnItsWayBefore() {
        validation("Plant", ValidationMode.REJECT);
        Message before = message(topic, GOOD);
        bench.clock.advance(Duration.ofMillis(5));
        judge(topic, BAD);

        bench.registry.onMessage(before, false);

        assertThat(bench.registry.violating(10))
                .extracting(TopicValue::topic)
                .containsExactly(topic);
    }

    @Test
    void annotate_tellsSubscribersOfEachMessage_andThePublisherOfWhatIsWrong() {
        validation(topic, ValidationMode.ANNOTATE);

        PublishVerdict.Annotate good = (PublishVerdict.Annotate) judge(topic, GOOD);
        PublishVerdict.Annotate bad = (PublishVerdict.Annotate) judge(topic, BAD);

        assertThat(good.userProperties()).containsExactly(new UserProperty("uns-valid", "true"));
        assertThat(good.reason()).isNull();
        assertThat(bad.userProperties())
                .containsExactly(
                        new UserProperty("uns-valid", "false"),
                        new UserProperty(
                                "uns-violation",
                                "TYPE: field temp is STRING: \"hot\" (expected: a number)"));
        assertThat(bad.reason()).startsWith("TYPE: field temp").contains("revision ");
        // It is delivered, so it is counted when it arrives.
        assertThat(value().violations()).isZero();
    }

    private Message forged(String on, String payload) {
        Message message = message(on, payload);
        return new Message(
                message.topic(),
                message.payload(),
                message.qos(),
                message.retain(),
                new MessageProperties(
                        -1, -1, null, null, null, List.of(new UserProperty("uns-valid", "true"))),
                message.publisher(),
                message.receivedAt());
    }

    /** The last one counts: what the publisher says goes on with its message [MQTT5-3.3.2-17]. */
    private static void assertSaysThatNobodyKnows(PublishVerdict verdict) {
        assertThat(verdict)
                .isEqualTo(
                        PublishVerdict.annotate(
                                List.of(new UserProperty("uns-valid", "unknown")), null));
    }

    @Test
    void annotate_hasTheLastWord_alsoWhereNobodyHasChecked() {
        validation("Plant", ValidationMode.ANNOTATE);

        assertThat(bench.gates.judge(forged(topic, GOOD)))
                .isEqualTo(
                        PublishVerdict.annotate(
                                List.of(new UserProperty("uns-valid", "true")), null));
        PublishVerdict.Annotate told =
                (PublishVerdict.Annotate) bench.gates.judge(forged(topic, BAD));
        assertThat(told.userProperties()).contains(new UserProperty("uns-valid", "false"));

        assertSaysThatNobodyKnows(bench.gates.judge(forged("Plant/unknown", GOOD)));
        assertThat(judge("Plant/unknown", GOOD)).isSameAs(PublishVerdict.PASS);
        validation("Plant/Line", ValidationMode.OBSERVE);
        assertThat(bench.gates.judge(forged("Plant/Line/unknown", GOOD)))
                .isSameAs(PublishVerdict.PASS);
    }

    @Test
    void annotate_withoutAReader_saysNothing_unlessThePublisherDoes() {
        validation(topic, ValidationMode.ANNOTATE);
        PayloadReader csv = (message, model, into) -> into.unquoted(model.fields().get(0), "1");
        bench.registry.addPayloadReader(
                csv, Map.of(PayloadReader.PAYLOAD_FORMAT, "CSV", "component.name", "csv"));
        bench.registry.update(
                bench.registry.byPath(topic).orElseThrow().id(),
                0,
                NodeChange.ofPayload(payload -> payload.withFormat(new PayloadFormat("CSV"))),
                Bench.ANNA);
        bench.registry.removePayloadReader(csv);

        assertThat(judge(topic, "1")).isSameAs(PublishVerdict.PASS);
        assertSaysThatNobodyKnows(bench.gates.judge(forged(topic, "1")));
    }

    @Test
    void annotate_ofATopicWithoutFields_saysThatEverythingFits() {
        Node any =
                bench.registry.create(
                        NewNode.topic("Plant", "any", TopicType.STATE, Model.ANY), Bench.ANNA);
        validation("Plant", ValidationMode.ANNOTATE);

        assertThat(((PublishVerdict.Annotate) judge(any.path(), "no JSON")).userProperties())
                .containsExactly(new UserProperty("uns-valid", "true"));
    }

    @Test
    void topicsBelow_followThePath_andMaySayOtherwise() {
        String free = make("Plant/Line", "free", UnknownFields.ALLOW).path();
        String strict = make("Plant/Other", "strict", UnknownFields.ALLOW).path();
        validation("Plant", ValidationMode.ANNOTATE);
        validation(free, ValidationMode.OBSERVE);
        validation(strict, ValidationMode.REJECT);

        assertThat(judge(topic, BAD)).isInstanceOf(PublishVerdict.Annotate.class);
        assertThat(judge(free, BAD)).isSameAs(PublishVerdict.PASS);
        refused(judge(strict, BAD));
    }

    @Test
    void failure_refusesWhereModesRefuse_andPassesWhereTheyTell() {
        String told = make("Other", "told", UnknownFields.ALLOW).path();
        validation(topic, ValidationMode.REJECT);
        validation(told, ValidationMode.ANNOTATE);

        assertThat(bench.gates.passesOnFailure(REFUSING)).isFalse();
        assertThat(bench.gates.passesOnFailure(TELLING)).isTrue();
    }

    @Test
    void otherTopics_costNoCall() {
        validation("Plant", ValidationMode.REJECT);

        assertThat(bench.gates.isAsked(message("Elsewhere/t", BAD))).isFalse();
        assertThat(bench.gates.filters(REFUSING)).containsExactly("Plant/#");

        validation("Plant", ValidationMode.OBSERVE);
        assertThat(bench.gates.isEmpty()).isTrue();
    }

    @Test
    void changesThatConcernNoGate_offerNothingAnew() {
        validation("Plant", ValidationMode.REJECT);
        int before = bench.gates.offers();

        make("Plant/Line", "second", UnknownFields.ALLOW);
        say("Plant", policy -> policy.withTimeZone("Europe/Paris"));

        assertThat(bench.gates.offers()).isEqualTo(before);
        refused(judge("Plant/Line/Metric/second", BAD));
    }

    @Test
    void renamedPath_isAskedForByItsNewName() {
        validation("Plant", ValidationMode.REJECT);
        Node plant = bench.registry.byPath("Plant").orElseThrow();

        bench.registry.update(plant.id(), 0, NodeChange.ofName("Works"), Bench.ANNA);

        refused(judge(topic.replace("Plant/", "Works/"), BAD));
        assertThat(judge(topic, BAD)).isSameAs(PublishVerdict.PASS);
    }

    @Test
    void deletedPath_refusesNothing() {
        validation("Plant", ValidationMode.REJECT);

        bench.registry.delete(bench.registry.byPath("Plant").orElseThrow().id(), 0, Bench.ANNA);

        assertThat(bench.gates.isEmpty()).isTrue();
    }

    @Test
    void wireTopic_isAskedForByItsName() {
        Node node = bench.registry.byPath(topic).orElseThrow();
        bench.registry.update(
                node.id(),
                0,
                NodeChange.ofPayload(payload -> payload.withWireTopic("dev/42")),
                Bench.ANNA);
        validation("Plant", ValidationMode.REJECT);

        assertThat(bench.gates.filters(REFUSING)).containsExactly("Plant/#", "dev/42");
        refused(judge("dev/42", BAD));
        assertThat(judge("dev/42", GOOD)).isSameAs(PublishVerdict.PASS);
    }

    @Test
    void topicWithNodesBelow_isFollowedByThem() {
        String below = make(topic, "valve", UnknownFields.ALLOW).path();
        validation(topic, ValidationMode.REJECT);

        refused(judge(topic, BAD));
        refused(judge(below, BAD));
    }

    @Test
    void changeAfterTheStop_offersNothing() {
        Node plant = bench.registry.byPath("Plant").orElseThrow();
        bench.registry.deactivate();

        bench.registry.update(
                plant.id(),
                0,
                NodeChange.ofPolicy(policy -> policy.withValidation(ValidationMode.REJECT)),
                Bench.ANNA);

        assertThat(bench.gates.isEmpty()).isTrue();
    }

    @Test
    void manyTopicsThatSayItThemselves_areAskedForTogether() {
        for (int i = 0; i < 1_001; i++) {
            validation(make("Many", "t" + i, UnknownFields.ALLOW).path(), ValidationMode.REJECT);
        }

        assertThat(bench.gates.filters(REFUSING)).containsExactly("#");
        refused(judge("Many/Metric/t1000", BAD));
        assertThat(judge(topic, BAD)).isSameAs(PublishVerdict.PASS);
    }

    @Test
    void restart_refusesFromTheStart() {
        validation("Plant", ValidationMode.REJECT);

        bench.restarted();

        refused(judge(topic, BAD));
    }

    @Test
    void stop_takesTheGatesAlong() {
        validation("Plant", ValidationMode.REJECT);

        bench.registry.deactivate();

        assertThat(bench.gates.isEmpty()).isTrue();
    }

    @Test
    void removalOfARetainedMessage_isNoValue() {
        validation("Plant", ValidationMode.REJECT);

        assertThat(bench.gates.judge(bench.message(topic, new byte[0], true)))
                .isSameAs(PublishVerdict.PASS);
        refused(bench.gates.judge(bench.message(topic, new byte[0], false)));
    }

    @Test
    void tooLongPayload_isRefusedWithItsSize() {
        validation("Plant", ValidationMode.REJECT);

        PublishVerdict.Refuse refused =
                refused(judge(topic, "{\"temp\":1" + " ".repeat(262_144) + "}"));

        assertThat(refused.reason())
                .startsWith("SIZE: the payload has 262154 bytes (expected: at most 262144)");
    }

    @Test
    void unknownField_isRefusedIfTheModelDeniesIt_andOnlyCountedIfItWarns() {
        String warns = make("Plant/Line", "warns", UnknownFields.WARN).path();
        String denies = make("Plant/Line", "denies", UnknownFields.DENY).path();
        validation("Plant", ValidationMode.REJECT);
        String strange = "{\"x\":1,\"temp\":2}";

        assertThat(judge(topic, strange)).isSameAs(PublishVerdict.PASS);
        assertThat(judge(warns, strange)).isSameAs(PublishVerdict.PASS);
        assertThat(refused(judge(denies, strange)).reason()).startsWith("UNKNOWN_FIELD: field x");
        assertThat(refused(judge(warns, "{\"x\":1,\"temp\":\"hot\"}")).reason())
                .startsWith("TYPE: field temp");
    }

    @Test
    void topicWithoutFields_takesEverything() {
        Node any =
                bench.registry.create(
                        NewNode.topic("Plant", "any", TopicType.STATE, Model.ANY), Bench.ANNA);
        validation("Plant", ValidationMode.REJECT);

        assertThat(judge(any.path(), "no JSON at all")).isSameAs(PublishVerdict.PASS);
    }

    @Test
    void formatOfAnotherBundle_isCheckedWhereItMayBlock() {
        PayloadReader csv =
                (message, model, into) ->
                        into.unquoted(
                                model.fields().get(0),
                                new String(message.payload(), StandardCharsets.UTF_8));
        bench.registry.addPayloadReader(
                csv, Map.of(PayloadReader.PAYLOAD_FORMAT, "CSV", "component.name", "csv"));
        bench.registry.update(
                bench.registry.byPath(topic).orElseThrow().id(),
                0,
                NodeChange.ofPayload(payload -> payload.withFormat(new PayloadFormat("CSV"))),
                Bench.ANNA);
        validation("Plant", ValidationMode.REJECT);

        assertThat(bench.gates.isAskedElsewhere(message(topic, "20.5"))).isTrue();
        assertThat(judge(topic, "20.5")).isSameAs(PublishVerdict.PASS);
        refused(judge(topic, "hot"));

        bench.registry.removePayloadReader(csv);
        assertThat(bench.gates.isAskedElsewhere(message(topic, "20.5"))).isFalse();
        PublishVerdict.Refuse unchecked = refused(judge(topic, "20.5"));
        assertThat(unchecked.code()).isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
        assertThat(unchecked.reason()).contains("no reader for CSV");
    }

    @Test
    void readerThatFails_isNoReasonToLetAMessagePass() {
        PayloadReader broken =
                (message, model, into) -> {
                    throw new IllegalStateException("broken");
                };
        bench.registry.addPayloadReader(
                broken, Map.of(PayloadReader.PAYLOAD_FORMAT, "JSON", "component.name", "broken"));
        validation("Plant", ValidationMode.REJECT);

        assertThat(refused(judge(topic, GOOD)).reason()).contains("broken");
        bench.registry.removePayloadReader(broken);
        assertThat(judge(topic, GOOD)).isSameAs(PublishVerdict.PASS);
    }

    @Test
    void deny_refusesTopicsThatNobodyModelled() {
        say("Plant", policy -> policy.withTopicPolicy(TopicPolicy.DENY));

        assertThat(judge(topic, BAD)).isSameAs(PublishVerdict.PASS);
        PublishVerdict.Refuse refused = refused(judge("Plant/Line/Metric/unknown", GOOD));
        assertThat(refused.code()).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
        assertThat(refused.reason())
                .isEqualTo("the topic has no model, and 'Plant' denies such topics");
        refused(judge("Plant", GOOD));
        assertThat(judge("Elsewhere/unknown", GOOD)).isSameAs(PublishVerdict.PASS);
    }

    @Test
    void deny_alsoIfSomethingCameBefore_andNotWhenItIsModelled() {
        bench.publish("Plant/new/t", GOOD);
        say("Plant", policy -> policy.withTopicPolicy(TopicPolicy.DENY));

        refused(judge("Plant/new/t", GOOD));
        bench.registry.convert(
                "Plant/new/t",
                "Plant/new/t",
                TopicType.STATE,
                new Model(List.of(Field.of("temp", FieldType.DOUBLE)), UnknownFields.ALLOW),
                Bench.ANNA);
        assertThat(judge("Plant/new/t", GOOD)).isSameAs(PublishVerdict.PASS);
    }

    @Test
    void allowBelowDeny_isAllowed() {
        say("Plant", policy -> policy.withTopicPolicy(TopicPolicy.DENY));
        say("Plant/Line", policy -> policy.withTopicPolicy(TopicPolicy.ALLOW));

        assertThat(judge("Plant/Line/x", GOOD)).isSameAs(PublishVerdict.PASS);
        refused(judge("Plant/LineB/x", GOOD));
        assertThat(
                        bench.registry
                                .policyOf(bench.registry.byPath("Plant/Line").orElseThrow().id())
                                .topicPolicy()
                                .value())
                .isEqualTo(TopicPolicy.ALLOW);
    }

    @Test
    void denyOfTheServer_holdsForAllTopicsOfWhichNoPathSaysOtherwise() {
        say("Plant", policy -> policy.withTopicPolicy(TopicPolicy.ALLOW));
        make("Other", "known", UnknownFields.ALLOW);

        bench.restartedWith(TopicPolicy.DENY);

        PublishVerdict.Refuse refused = refused(judge("nowhere/at/all", GOOD));
        assertThat(refused.code()).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
        assertThat(refused.reason())
                .isEqualTo("the topic has no model, and the server denies such topics");
        refused(judge("Other/unknown", GOOD));
        assertThat(judge("Plant/unknown", GOOD)).isSameAs(PublishVerdict.PASS);
        assertThat(judge("Other/Metric/known", BAD)).isSameAs(PublishVerdict.PASS);
        assertThat(bench.gates.filters(REFUSING)).containsExactly("#");
        assertThat(bench.gates.isAsked(message("$SYS/broker/uptime", GOOD))).isFalse();
        assertThat(
                        bench.registry
                                .policyOf(bench.registry.byPath("Other").orElseThrow().id())
                                .topicPolicy())
                .isEqualTo(new Inherited<>(TopicPolicy.DENY, null));
    }

    @Test
    void policies_areExportedAndComeBack() {
        say("Plant", policy -> policy.withTopicPolicy(TopicPolicy.DENY));
        validation("Plant", ValidationMode.REJECT);
        Bench other = new Bench();

        Bench.importJson(other.registry, Bench.export(bench.registry), false, Bench.ANNA);

        assertThat(other.registry.byPath("Plant").orElseThrow().policy())
                .isEqualTo(bench.registry.byPath("Plant").orElseThrow().policy());
        refused(other.gates.judge(message(topic, BAD)));
    }
}
