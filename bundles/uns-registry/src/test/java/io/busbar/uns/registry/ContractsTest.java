package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Contract;
import io.busbar.api.uns.Contract.Verdict;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Inherited;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.TopicPolicy;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.ValidationMode;
import io.busbar.api.uns.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said of messages to those who ask, without a message having come. */
class ContractsTest {
    private static final String GOOD = "{\"temp\":20.5}";
    private static final String BAD = "{\"temp\":\"hot\"}";
    private static final String MORE = "{\"temp\":20.5,\"x\":1}";

    private final Bench bench = new Bench();
    private Node node;

    @BeforeEach
    void makeTopic() {
        node = make("oven", UnknownFields.WARN);
    }

    private Node make(String name, UnknownFields unknown) {
        return bench.registry.create(
                NewNode.topic(
                        "Plant/Line",
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

    private Message message(String topic, String payload) {
        return bench.message(topic, payload.getBytes(StandardCharsets.UTF_8), false);
    }

    private Contract judge(String topic, String payload) {
        return bench.registry.contracts().judge(message(topic, payload));
    }

    @ParameterizedTest
    @CsvSource({
        "OFF, NOT_CHECKED",
        "OBSERVE, OBSERVED",
        "ANNOTATE, ANNOTATED",
        "QUARANTINE, HELD",
        "REJECT, REFUSED",
    })
    void whatDoesNotFit_hasTheVerdictOfItsMode_andTheNodeThatSaysTheMode(
            ValidationMode mode, Verdict verdict) {
        say("Plant", policy -> policy.withValidation(mode));

        Contract contract = judge(node.topic(), BAD);

        assertThat(contract.verdict()).isEqualTo(verdict);
        assertThat(contract.mode()).isEqualTo(new Inherited<>(mode, "Plant"));
        assertThat(contract.node().id()).isEqualTo(node.id());
        if (mode != ValidationMode.OFF) {
            assertThat(contract.violation().code()).isEqualTo(Violation.Code.TYPE);
            assertThat(contract.violation().field()).isEqualTo("temp");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "OFF", mode = EnumSource.Mode.EXCLUDE)
    void whatFits_fitsInEveryMode(ValidationMode mode) {
        say("Plant", policy -> policy.withValidation(mode));

        Contract contract = judge(node.topic(), GOOD);

        assertThat(contract.verdict()).isEqualTo(Verdict.FITS);
        assertThat(contract.violation()).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECT", "QUARANTINE"})
    void whatIsOnlyWarnedOf_isDelivered(ValidationMode mode) {
        say("Plant", policy -> policy.withValidation(mode));

        Contract contract = judge(node.topic(), MORE);

        assertThat(contract.verdict()).isEqualTo(Verdict.OBSERVED);
        assertThat(contract.violation().code()).isEqualTo(Violation.Code.UNKNOWN_FIELD);
        assertThat(bench.gates.judge(message(node.topic(), MORE))).isSameAs(PublishVerdict.PASS);
    }

    @Test
    void asking_countsAndHoldsNothing() {
        say("Plant", policy -> policy.withValidation(ValidationMode.QUARANTINE));

        judge(node.topic(), BAD);

        assertThat(bench.registry.stats().violations()).isZero();
        assertThat(bench.registry.quarantine().list(null, null, 10)).isEmpty();
    }

    @Test
    void topicsWithoutANode_areDeliveredOrDenied_asTheNearestNodeAboveSays() {
        assertThat(judge("Other/x", BAD).verdict()).isEqualTo(Verdict.NO_MODEL);
        say("Plant", policy -> policy.withTopicPolicy(TopicPolicy.DENY));

        Contract denied = judge("Plant/Line/new", BAD);

        assertThat(denied.verdict()).isEqualTo(Verdict.TOPIC_DENIED);
        assertThat(denied.topicPolicy()).isEqualTo(new Inherited<>(TopicPolicy.DENY, "Plant"));
        assertThat(denied.node()).isNull();
        // A path may be called as the topic is.
        assertThat(judge("Plant/Line", BAD).verdict()).isEqualTo(Verdict.TOPIC_DENIED);
        assertThat(bench.gates.judge(message("Plant/Line", BAD)))
                .isInstanceOf(PublishVerdict.Refuse.class);
        assertThat(judge(node.topic(), BAD).verdict()).isNotEqualTo(Verdict.TOPIC_DENIED);
    }

    @Test
    void anotherMode_isTakenAsGiven_andChangesNothing() {
        Contract wanted =
                bench.registry
                        .contracts()
                        .judge(message(node.topic(), BAD), null, ValidationMode.REJECT);

        assertThat(wanted.verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(judge(node.topic(), BAD).verdict()).isEqualTo(Verdict.OBSERVED);
        assertThat(bench.gates.isEmpty()).isTrue();
    }

    @Test
    void anotherModel_isTakenAsGiven_andChangesNothing() {
        say("Plant", policy -> policy.withValidation(ValidationMode.REJECT));
        Model texts = new Model(List.of(Field.of("temp", FieldType.STRING)), UnknownFields.ALLOW);

        Contract wanted = bench.registry.contracts().judge(message(node.topic(), BAD), texts, null);

        assertThat(wanted.verdict()).isEqualTo(Verdict.FITS);
        assertThat(judge(node.topic(), BAD).verdict()).isEqualTo(Verdict.REFUSED);
    }

    @Test
    void removalOfTheRetainedMessage_isNoValue() {
        say("Plant", policy -> policy.withValidation(ValidationMode.REJECT));
        Message removal = bench.message(node.topic(), new byte[0], true);

        assertThat(bench.registry.contracts().judge(removal).verdict())
                .isEqualTo(Verdict.NOT_CHECKED);
    }

    @Test
    void modelWithoutFields_checksNothing() {
        Node any =
                bench.registry.create(
                        NewNode.topic("Plant/Line", "any", TopicType.METRIC, Model.ANY),
                        Bench.ANNA);
        say("Plant", policy -> policy.withValidation(ValidationMode.REJECT));

        assertThat(judge(any.topic(), BAD).verdict()).isEqualTo(Verdict.NOT_CHECKED);
    }
}
