package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.api.uns.EffectivePolicy;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Inherited;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.ValidationMode;
import io.busbar.api.uns.Violation;
import io.busbar.api.uns.ViolationKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How large and how many the messages of a topic may be. */
class GateBoundsTest {
    private static final String SMALL = "{\"temp\":20.5}";
    private static final String LARGE = "{\"temp\":20.5,\"note\":\"0123456789\"}";
    private static final String BAD = "{\"temp\":\"hot\"}";
    private static final String PACING = "uns-gate-pacing";

    private final Bench bench = new Bench();
    private String topic = "";

    @BeforeEach
    void makeTopic() {
        topic = make("oven", List.of(Field.of("temp", FieldType.DOUBLE)));
    }

    private String make(String name, List<Field> fields) {
        return bench.registry
                .create(
                        NewNode.topic(
                                "Plant/Line",
                                name,
                                TopicType.METRIC,
                                new Model(fields, UnknownFields.ALLOW)),
                        Bench.ANNA)
                .path();
    }

    private void say(String path, UnaryOperator<NodePolicy> policy) {
        bench.registry.update(
                bench.registry.byPath(path).orElseThrow().id(),
                0,
                NodeChange.ofPolicy(policy),
                Bench.ANNA);
    }

    private void bound(ValidationMode mode) {
        say("Plant", policy -> policy.withValidation(mode).withMaxPayloadBytes(20));
    }

    private void rate(String path, Integer perSecond) {
        say(path, policy -> policy.withMaxMessagesPerSecond(perSecond));
    }

    private Message message(String on, String payload) {
        return bench.message(on, payload.getBytes(StandardCharsets.UTF_8), false);
    }

    private PublishVerdict judge(String payload) {
        return bench.gates.judge(message(topic, payload));
    }

    private int passed(int messages) {
        int passed = 0;
        for (int i = 0; i < messages; i++) {
            passed += judge(SMALL) == PublishVerdict.PASS ? 1 : 0;
        }
        return passed;
    }

    private TopicValue value() {
        return bench.registry.value(topic).orElseThrow();
    }

    private List<String> violating() {
        return bench.registry.violating(10).stream().map(TopicValue::topic).toList();
    }

    @Test
    void largePayload_whereReject_isRefusedWithItsSizeAndTheBound() {
        bound(ValidationMode.REJECT);

        assertThat(judge(SMALL)).isSameAs(PublishVerdict.PASS);
        PublishVerdict.Refuse refused = (PublishVerdict.Refuse) judge(LARGE);

        assertThat(refused.code()).isEqualTo(ReasonCode.PAYLOAD_FORMAT_INVALID);
        assertThat(refused.reason())
                .startsWith("SIZE: the payload has 33 bytes (expected: at most 20); revision ");
        assertThat(value().lastViolation().code()).isEqualTo(Violation.Code.SIZE);
        assertThat(value().violations()).isEqualTo(1);
    }

    @Test
    void largePayload_whereAnnotate_isDeliveredWithWhatIsWrong() {
        bound(ValidationMode.ANNOTATE);

        assertThat(((PublishVerdict.Annotate) judge(LARGE)).userProperties())
                .containsExactly(
                        new UserProperty("uns-valid", "false"),
                        new UserProperty(
                                "uns-violation",
                                "SIZE: the payload has 33 bytes (expected: at most 20)"));
    }

    @Test
    void largePayload_whereQuarantine_isHeld() {
        bound(ValidationMode.QUARANTINE);

        assertThat(judge(LARGE)).isInstanceOf(PublishVerdict.Divert.class);

        assertThat(bench.registry.quarantine().list(topic, null, 10))
                .singleElement()
                .satisfies(
                        held -> assertThat(held.violation().code()).isEqualTo(Violation.Code.SIZE))
                .satisfies(
                        held -> assertThat(bench.registry.quarantine().accepting(held)).isEmpty());
    }

    @Test
    void largePayload_whereObserve_isReadAndCounted_andTheNextOneHeals() {
        bound(ValidationMode.OBSERVE);
        assertThat(bench.gates.isEmpty()).isTrue();

        bench.publish(topic, LARGE);

        assertThat(value().fields().get(0).json()).isEqualTo("20.5");
        assertThat(value().quality()).isEqualTo(Quality.GOOD);
        assertThat(value().lastViolation().detail())
                .isEqualTo("the payload has 33 bytes (expected: at most 20)");
        assertThat(value().violations()).isEqualTo(1);
        assertThat(violating()).containsExactly(topic);

        bench.publish(topic, SMALL);
        assertThat(violating()).isEmpty();
    }

    @Test
    void largePayload_whereNothingIsChecked_fits() {
        bound(ValidationMode.OFF);

        bench.publish(topic, LARGE);

        assertThat(bench.gates.isEmpty()).isTrue();
        assertThat(value().violations()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"OBSERVE", "REJECT"})
    void largePayload_ofATopicWithoutFields_doesNotFitEither(ValidationMode mode) {
        topic = make("any", List.of());
        bound(mode);

        boolean refused = judge(LARGE) instanceof PublishVerdict.Refuse;
        if (!refused) {
            bench.publish(topic, LARGE);
        }

        assertThat(refused).isEqualTo(mode == ValidationMode.REJECT);
        assertThat(value().violations()).isEqualTo(1);
        assertThat(value().lastViolation().code()).isEqualTo(Violation.Code.SIZE);
        assertThat(violating()).containsExactly(topic);
        assertThat(judge("no JSON")).isSameAs(PublishVerdict.PASS);
        bench.publish(topic, "no JSON");
        assertThat(violating()).isEmpty();
    }

    @Test
    void boundThatIsTakenAway_letsWhatCameLastFit() {
        String any = make("any", List.of());
        bound(ValidationMode.OBSERVE);
        bench.publish(topic, LARGE);
        bench.publish(any, LARGE);
        assertThat(violating()).containsExactlyInAnyOrder(topic, any);

        say("Plant/Line", policy -> policy.withMaxPayloadBytes(0));

        assertThat(violating()).isEmpty();
        assertThat(value().fields().get(0).json()).isEqualTo("20.5");
        say("Plant/Line", policy -> policy.withMaxPayloadBytes(30));
        assertThat(violating()).containsExactlyInAnyOrder(topic, any);
    }

    @Test
    void bounds_areThoseOfTheNearestPathThatSaysThem() {
        bound(ValidationMode.REJECT);
        rate("Plant", 5);
        say(topic, policy -> policy.withMaxPayloadBytes(0).withMaxMessagesPerSecond(7));

        EffectivePolicy holds =
                bench.registry.policyOf(bench.registry.byPath(topic).orElseThrow().id());

        assertThat(holds.maxPayloadBytes()).isEqualTo(new Inherited<>(0, topic));
        assertThat(holds.maxMessagesPerSecond()).isEqualTo(new Inherited<>(7, topic));
        assertThat(judge(LARGE)).isSameAs(PublishVerdict.PASS);
        assertThat(passed(10)).isEqualTo(6);
    }

    @Test
    void tooManyMessages_areRefusedAsOverTheQuota_untilTheirTimeHasCome() {
        rate("Plant", 10);

        assertThat(passed(10)).isEqualTo(10);
        PublishVerdict.Refuse refused = (PublishVerdict.Refuse) judge(SMALL);

        assertThat(refused.code()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(refused.reason())
                .isEqualTo("RATE: messages come too fast (expected: at most 10 a second)");
        bench.clock.advance(Duration.ofMillis(500));
        assertThat(passed(100)).isEqualTo(5);
    }

    @Test
    void tooManyMessages_areCountedWithTheirPublisher_andHealWhenTheyStop() {
        rate("Plant", 10);
        passed(25);

        assertThat(bench.registry.violations(topic).orElseThrow().kinds())
                .singleElement()
                .returns(15L, ViolationKind::count)
                .returns(Bench.GATEWAY, ViolationKind::publisher)
                .returns(Violation.Code.RATE, kind -> kind.last().code());
        bench.clock.advance(Duration.ofMillis(999));
        bench.publish(topic, SMALL);
        assertThat(violating()).containsExactly(topic);
        bench.clock.advance(Duration.ofMillis(1));
        bench.publish(topic, SMALL);
        assertThat(violating()).isEmpty();
        assertThat(value().quality()).isEqualTo(Quality.GOOD);
    }

    @Test
    void rate_isOfEachTopic() {
        String other = make("other", List.of());
        rate("Plant", 3);

        assertThat(passed(10)).isEqualTo(3);
        assertThat(bench.gates.judge(message(other, "1"))).isSameAs(PublishVerdict.PASS);
    }

    @Test
    void rate_holdsWhateverTheMode_andIsAskedFirst() {
        rate("Plant", 1);
        say("Plant/Line", policy -> policy.withValidation(ValidationMode.REJECT));

        assertThat(((PublishVerdict.Refuse) judge(BAD)).code())
                .isEqualTo(ReasonCode.PAYLOAD_FORMAT_INVALID);
        assertThat(((PublishVerdict.Refuse) judge(BAD)).code())
                .isEqualTo(ReasonCode.QUOTA_EXCEEDED);
    }

    @Test
    void rate_goesOnCounting_whenSomethingElseOfTheNodeChanges() {
        rate("Plant", 10);
        passed(10);

        say("Plant", policy -> policy.withValidation(ValidationMode.REJECT));
        say("Plant", policy -> policy.withStaleAfterSeconds(5));

        assertThat(passed(10)).isZero();
    }

    @Test
    void rate_passesIfNobodyCounts_andCostsNothingWhereThereIsNone() {
        rate("Plant", 10);
        assertThat(bench.gates.filters(PACING)).containsExactly("Plant/#");
        assertThat(bench.gates.passesOnFailure(PACING)).isTrue();

        rate("Plant", 0);
        assertThat(bench.gates.isEmpty()).isTrue();
    }

    @Test
    void removalOfRetainedMessages_isNoMessageOfTheRate() {
        rate("Plant", 1);

        for (int i = 0; i < 10; i++) {
            assertThat(bench.gates.judge(bench.message(topic, new byte[0], true)))
                    .isSameAs(PublishVerdict.PASS);
        }
        assertThat(judge(SMALL)).isSameAs(PublishVerdict.PASS);
    }

    @Test
    void bounds_surviveARestart_andAreInTheExport() {
        rate("Plant", 10);
        bound(ValidationMode.REJECT);
        Bench other = new Bench();

        Bench.importJson(other.registry, Bench.export(bench.registry), false, Bench.ANNA);
        bench.restarted();

        NodePolicy said = bench.registry.byPath("Plant").orElseThrow().policy();
        assertThat(said.maxPayloadBytes()).isEqualTo(20);
        assertThat(said.maxMessagesPerSecond()).isEqualTo(10);
        assertThat(other.registry.byPath("Plant").orElseThrow().policy()).isEqualTo(said);
        assertThat(judge(LARGE)).isInstanceOf(PublishVerdict.Refuse.class);
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "268435456, 1", "1, -1", "1, 1000001"})
    void boundsThatAreNone_areRefused(int bytes, int perSecond) {
        assertThatThrownBy(
                        () ->
                                say(
                                        "Plant",
                                        policy ->
                                                policy.withMaxPayloadBytes(bytes)
                                                        .withMaxMessagesPerSecond(perSecond)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("expected: 0...");
    }
}
