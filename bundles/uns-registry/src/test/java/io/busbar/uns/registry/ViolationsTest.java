package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.busbar.api.uns.Expectation;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.JsonType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.TopicViolations;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.ValidationMode;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.value.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether a topic fits its model now, and what was wrong with its messages before. */
class ViolationsTest {
    private final Bench bench = new Bench();
    private String topic = "";

    @BeforeEach
    void makeTopic() {
        topic =
                bench.registry
                        .create(
                                NewNode.topic(
                                        "Plant",
                                        "t",
                                        TopicType.STATE,
                                        new Model(
                                                List.of(
                                                        Field.of("a", FieldType.DOUBLE),
                                                        Field.of("b", FieldType.BOOLEAN)),
                                                UnknownFields.WARN)),
                                Bench.ANNA)
                        .path();
    }

    private TopicValue value() {
        return bench.registry.value(topic).orElseThrow();
    }

    private TopicViolations violations() {
        return bench.registry.violations(topic).orElseThrow();
    }

    private void validation(ValidationMode mode) {
        bench.registry.update(
                bench.registry.byPath("Plant").orElseThrow().id(),
                0,
                NodeChange.ofPolicy(policy -> policy.withValidation(mode)),
                Bench.ANNA);
    }

    private List<String> violating() {
        List<String> topics = bench.registry.violating(10).stream().map(TopicValue::topic).toList();
        assertThat(bench.registry.stats().violatingTopics()).isEqualTo(topics.size());
        return topics;
    }

    @Test
    void goodMessage_heals_andWhatWasStaysCounted() {
        bench.publish(topic, "{\"a\":\"hot\"}");
        bench.publish(topic, "{\"a\":\"hot\"}");
        assertThat(value().violationsInARow()).isEqualTo(2);
        assertThat(violating()).containsExactly(topic);
        bench.clock.advance(Duration.ofSeconds(5));

        bench.publish(topic, "{\"a\":1}");

        assertThat(value().violationsInARow()).isZero();
        assertThat(value().violations()).isEqualTo(2);
        assertThat(value().quality()).isEqualTo(Quality.GOOD);
        assertThat(violating()).isEmpty();
        assertThat(violations().violating()).isFalse();
        assertThat(violations().healedAt()).isEqualTo(Bench.START.plusSeconds(5));
        assertThat(violations().total()).isEqualTo(2);
    }

    @Test
    void violation_saysFieldTypeWhatWasExpectedAndWhoSentIt() {
        bench.publish(topic, "{\"a\":\"hot\"}");
        bench.publish(topic, "{\"b\":1}");
        bench.publish(topic, "{\"c\":null}");

        assertThat(violations().kinds())
                .extracting(kind -> kind.last().field(), kind -> kind.last().type())
                .containsExactly(
                        tuple("c", JsonType.NULL),
                        tuple("b", JsonType.NUMBER),
                        tuple("a", JsonType.STRING));
        assertThat(violations().kinds())
                .extracting(kind -> kind.last().expectation())
                .containsExactly(
                        null,
                        Expectation.of(Expectation.Kind.BOOLEAN),
                        Expectation.of(Expectation.Kind.NUMBER));
        assertThat(violations().kinds()).allMatch(kind -> kind.publisher() == Bench.GATEWAY);
    }

    @Test
    void range_isExpectedAsTheFieldSaysIt() {
        bench.publish(topic, "{\"a\":1e400}");

        Violation last = violations().kinds().get(0).last();
        assertThat(last.code()).isEqualTo(Violation.Code.RANGE);
        assertThat(last.expectation()).isEqualTo(Expectation.of(Expectation.Kind.DOUBLE));
        assertThat(last.found()).isEqualTo("1e400");
        assertThat(last.detail()).isEqualTo("1e400 (expected: DOUBLE)");
    }

    @Test
    void reset_countsAnew_andTheLastMessageStaysWhatItIs() {
        bench.publish(topic, "{\"a\":\"hot\"}");
        bench.clock.advance(Duration.ofMinutes(1));

        bench.registry.resetViolations(topic, Bench.BEN);

        assertThat(violations().total()).isZero();
        assertThat(violations().kinds()).isEmpty();
        assertThat(violations().since()).isEqualTo(Bench.START.plusSeconds(60));
        assertThat(value().violations()).isZero();
        assertThat(value().violationsSince()).isEqualTo(Bench.START.plusSeconds(60));
        assertThat(violating()).containsExactly(topic);
        assertThatThrownBy(() -> bench.registry.resetViolations("nowhere", Bench.BEN))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void topicThatIsNotCheckedAnyMore_orIsGone_isNotViolating() {
        bench.publish(topic, "{\"a\":\"hot\"}");

        validation(ValidationMode.OFF);

        assertThat(violating()).isEmpty();
        validation(ValidationMode.OBSERVE);
        assertThat(violating()).containsExactly(topic);
        assertThat(violations().total()).as("read anew is not counted").isEqualTo(1);
        bench.registry.delete(bench.registry.byPath(topic).orElseThrow().id(), 0, Bench.ANNA);
        assertThat(violating()).isEmpty();
    }

    @Test
    void lateMessage_thatDoesNotFit_isCounted_andChangesNothingNow() {
        bench.publish(topic, "{\"timestamp\":\"2026-11-23T08:15:00Z\",\"a\":1}");

        bench.publish(topic, "{\"timestamp\":\"2026-11-23T08:00:00Z\",\"a\":\"hot\"}");

        assertThat(violations().total()).isEqualTo(1);
        assertThat(violations().violating()).isFalse();
        assertThat(value().violationsInARow()).isZero();
        assertThat(violating()).isEmpty();
    }

    @Test
    void retainedMessage_fromBefore_thatDoesNotFit_isViolatingNow_andNotCounted() {
        bench.registry.onMessage(
                bench.message(topic, "{\"a\":\"hot\"}".getBytes(StandardCharsets.UTF_8), true),
                true);

        assertThat(violations().total()).isZero();
        assertThat(value().violationsInARow()).isEqualTo(1);
        assertThat(violating()).containsExactly(topic);
    }

    @Test
    void topics_areListedWithTheLatestViolationFirst() {
        String second =
                bench.registry
                        .create(
                                NewNode.topic(
                                        "Plant",
                                        "u",
                                        TopicType.STATE,
                                        new Model(
                                                List.of(Field.of("a", FieldType.DOUBLE)),
                                                UnknownFields.WARN)),
                                Bench.ANNA)
                        .path();
        bench.publish(topic, "{\"a\":\"hot\"}");
        bench.clock.advance(Duration.ofSeconds(1));
        bench.publish(second, "{\"a\":\"hot\"}");

        assertThat(violating()).containsExactly(second, topic);
        assertThat(bench.registry.violating(1)).hasSize(1);
    }

    @Test
    void kinds_beyondTheirLimit_areForgotten() {
        bench.registry.deactivate();
        bench.registry = bench.open(new Limits(262_144, 0, 1000, 1_000_000, 1_000_000, 16, 1));
        bench.publish(topic, "{\"a\":\"hot\"}");

        bench.publish(topic, "{\"b\":\"hot\"}");

        assertThat(violations().kinds()).hasSize(1);
        assertThat(violations().forgotten()).isEqualTo(1);
        assertThat(violations().total()).isEqualTo(2);
    }
}
