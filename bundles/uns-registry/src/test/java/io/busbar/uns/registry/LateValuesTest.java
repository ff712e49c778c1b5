package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeSamples;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.Sample;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.spi.SampleListener;
import io.busbar.testkit.time.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Values that come in another order than they were measured in. */
class LateValuesTest {
    private static final Instant NOW = Bench.START;

    private final Bench bench = new Bench();
    private String topic = "";

    @BeforeEach
    void model() {
        Model model =
                new Model(
                        List.of(
                                required(Field.of("a", FieldType.DOUBLE)),
                                Field.of("b", FieldType.DOUBLE)),
                        UnknownFields.ALLOW);
        topic =
                bench.registry
                        .create(NewNode.topic("P", "t", TopicType.STATE, model), Bench.ANNA)
                        .path();
    }

    @AfterEach
    void stop() {
        bench.registry.deactivate();
    }

    private static Field required(Field field) {
        return new Field(
                field.name(),
                field.type(),
                true,
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
                false);
    }

    private void publish(Instant time, String values) {
        bench.publish(topic, "{\"ts\":\"" + time + "\"," + values + "}");
    }

    private TopicValue value() {
        return bench.registry.value(topic).orElseThrow();
    }

    private FieldValue field(int index) {
        return value().fields().get(index);
    }

    private void staleAfter(int seconds) {
        bench.registry.update(
                bench.registry.byPath(topic).orElseThrow().id(),
                0,
                NodeChange.ofPolicy(policy -> policy.withStaleAfterSeconds(seconds)),
                Bench.ANNA);
    }

    @Test
    void bufferedValues_doNotReplaceTheLiveOne() {
        publish(NOW, "\"a\":20,\"live\":true");

        publish(NOW.minus(Duration.ofHours(1)), "\"a\":1,\"buffered\":true");
        bench.clock.advance(Duration.ofSeconds(5));
        publish(NOW.minus(Duration.ofDays(400)), "\"a\":2");

        assertThat(field(0)).isEqualTo(new FieldValue("a", "20", Quality.GOOD, NOW));
        assertThat(value().fields()).extracting(FieldValue::name).containsExactly("a", "b", "live");
        assertThat(value().timestamp()).isEqualTo(NOW);
        assertThat(value().receivedAt()).isEqualTo(NOW);
        assertThat(new String(value().payload(), StandardCharsets.UTF_8)).contains("live");
        assertThat(value())
                .extracting(TopicValue::messages, TopicValue::late, TopicValue::violations)
                .containsExactly(3L, 2L, 0L);
        assertThat(bench.registry.stats().late()).isEqualTo(2);
    }

    @Test
    void lateValueThatDoesNotFit_isCounted_andSpoilsNothing() {
        publish(NOW, "\"a\":20");

        publish(NOW.minusSeconds(60), "\"a\":\"hot\"");
        publish(NOW.minusSeconds(60), "\"b\":\"hot\",\"c\":1");

        assertThat(field(0)).isEqualTo(new FieldValue("a", "20", Quality.GOOD, NOW));
        assertThat(value().violations()).isEqualTo(2);
    }

    @Test
    void lateness_isOfEachField() {
        publish(NOW.minusSeconds(60), "\"a\":1,\"b\":1");
        publish(NOW, "\"a\":2");

        publish(NOW.minusSeconds(30), "\"a\":3,\"b\":3");

        assertThat(field(0)).isEqualTo(new FieldValue("a", "2", Quality.GOOD, NOW));
        assertThat(field(1))
                .isEqualTo(new FieldValue("b", "3", Quality.GOOD, NOW.minusSeconds(30)));
        assertThat(value().timestamp()).isEqualTo(NOW);
        assertThat(value().late()).isEqualTo(1);
    }

    @Test
    void equalTimes_areNotLate() {
        publish(NOW, "\"a\":1");

        publish(NOW, "\"a\":2");

        assertThat(field(0).json()).isEqualTo("2");
        assertThat(value().late()).isZero();
    }

    @Test
    void clockThatWasAheadAndIsPutRight_isNotLate() {
        publish(NOW.plus(Duration.ofMinutes(9)), "\"a\":1");
        bench.clock.advance(Duration.ofSeconds(1));

        publish(NOW.plusSeconds(1), "\"a\":2");

        assertThat(field(0)).isEqualTo(new FieldValue("a", "2", Quality.GOOD, NOW.plusSeconds(1)));
        assertThat(value().timestamp()).isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void valuesWithoutATimeToBelieve_areInTheOrderOfTheirArrival() {
        bench.publish(topic, "{\"a\":1}");
        publish(NOW.plus(Duration.ofDays(1)), "\"a\":2");
        bench.clock.advance(Duration.ofHours(-1));

        bench.publish(topic, "{\"a\":3}");

        assertThat(field(0).json()).isEqualTo("3");
        publish(NOW.minus(Duration.ofHours(2)), "\"a\":4");
        assertThat(field(0).json()).as("older than the arrival of the one before").isEqualTo("3");
    }

    @Test
    void lateSamples_areMarked() {
        List<NodeSamples> heard = Collections.synchronizedList(new ArrayList<>());
        SampleListener listener = heard::addAll;
        bench.registry.addSampleListener(listener);
        publish(NOW, "\"a\":20");

        publish(NOW.minusSeconds(60), "\"a\":1,\"b\":2");

        Await.until(() -> heard.size() == 2);
        assertThat(heard.get(0).samples()).extracting(Sample::late).containsExactly(false);
        assertThat(heard.get(1).samples())
                .extracting(Sample::field, Sample::json, Sample::late)
                .containsExactly(tuple("a", "1", true), tuple("b", "2", false));
    }

    @Test
    void valueThatIsOldWhenItComes_isStale() {
        staleAfter(30);

        publish(NOW.minusSeconds(31), "\"a\":1");

        assertThat(value().quality()).isEqualTo(Quality.UNCERTAIN);
        publish(NOW.minusSeconds(29), "\"a\":1");
        assertThat(value().quality()).isEqualTo(Quality.GOOD);
    }

    @Test
    void lateValues_doNotFreshenUp() {
        staleAfter(30);
        publish(NOW, "\"a\":1");
        bench.clock.advance(Duration.ofSeconds(31));

        publish(NOW.minusSeconds(60), "\"a\":1");

        assertThat(value().quality()).isEqualTo(Quality.UNCERTAIN);
    }

    @Test
    void topicWithoutFields_isStaleByTheTimeOfTheSource() {
        topic =
                bench.registry
                        .create(NewNode.topic("P", "any", TopicType.STATE, Model.ANY), Bench.ANNA)
                        .path();
        staleAfter(30);

        publish(NOW.minusSeconds(31), "\"a\":1");

        assertThat(value().quality()).isEqualTo(Quality.UNCERTAIN);
        assertThat(value().fields())
                .extracting(FieldValue::quality)
                .containsOnly(Quality.UNCERTAIN);
    }

    private String fastAndSlow(Instant fast, Instant slow) {
        return "{\"values\":[{\"id\":\"a\",\"v\":1,\"t\":\""
                + fast
                + "\"},{\"id\":\"b\",\"v\":2,\"t\":\""
                + slow
                + "\"}]}";
    }

    @Test
    void listWithASlowTag_isAsFreshAsItsNewestValue() {
        staleAfter(60);

        bench.publish(topic, fastAndSlow(NOW, NOW.minus(Duration.ofHours(1))));

        assertThat(value().quality()).isEqualTo(Quality.GOOD);
        assertThat(value().timestamp()).isEqualTo(NOW);
        bench.clock.advance(Duration.ofSeconds(61));
        assertThat(value().quality()).isEqualTo(Quality.UNCERTAIN);
    }

    @Test
    void listWithASlowTag_ofATopicWithoutFields_isAsFreshAsItsNewestValue() {
        topic =
                bench.registry
                        .create(NewNode.topic("P", "any", TopicType.STATE, Model.ANY), Bench.ANNA)
                        .path();
        staleAfter(60);

        bench.publish(topic, fastAndSlow(NOW, NOW.minus(Duration.ofHours(1))));

        assertThat(value().quality()).isEqualTo(Quality.GOOD);
        assertThat(value().timestamp()).isEqualTo(NOW);
        assertThat(value().fields())
                .extracting(FieldValue::timestamp)
                .containsExactly(NOW, NOW.minus(Duration.ofHours(1)));
    }

    @Test
    void requiredField_thatIsMissingInANewerPayload_isBad() {
        publish(NOW.minusSeconds(60), "\"a\":1");

        bench.publish(
                topic,
                "{\"values\":[{\"id\":\"b\",\"v\":1,\"t\":\""
                        + NOW
                        + "\"},{\"id\":\"x\",\"v\":2,\"t\":\""
                        + NOW.minusSeconds(90)
                        + "\"}]}");

        assertThat(field(0).quality()).isEqualTo(Quality.BAD);
    }

    @Test
    void clockOfTheServerThatIsPutBack_makesNothingLate() {
        publish(NOW, "\"a\":1");
        bench.clock.advance(Duration.ofHours(-1));
        Instant now = NOW.minus(Duration.ofHours(1));

        publish(now.minusSeconds(1), "\"a\":2,\"live\":true");

        assertThat(field(0)).isEqualTo(new FieldValue("a", "2", Quality.GOOD, now.minusSeconds(1)));
        assertThat(value().fields()).extracting(FieldValue::name).contains("live");
        assertThat(value().timestamp()).isEqualTo(now.minusSeconds(1));
        assertThat(value().late()).isZero();
        publish(now.minusSeconds(60), "\"a\":3");
        assertThat(field(0).json()).as("late as ever").isEqualTo("2");
    }

    @Test
    void modelChange_keepsTheOrder() {
        publish(NOW, "\"a\":20");
        bench.registry.update(
                bench.registry.byPath(topic).orElseThrow().id(),
                0,
                NodeChange.ofPayload(
                        payload ->
                                payload.withModel(
                                        new Model(
                                                List.of(Field.of("a", FieldType.DOUBLE)),
                                                UnknownFields.WARN))),
                Bench.ANNA);

        publish(NOW.minusSeconds(60), "\"a\":1");

        assertThat(field(0)).isEqualTo(new FieldValue("a", "20", Quality.GOOD, NOW));
    }

    @Test
    void anotherZone_makesNothingLate() {
        bench.publish(topic, "{\"ts\":\"2026-11-23T09:15:00\",\"a\":1}");
        zone("Europe/Paris");
        bench.publish(topic, "{\"ts\":\"2026-11-23T09:15:10\",\"a\":2}");
        zone("+02:00");

        bench.publish(topic, "{\"ts\":\"2026-11-23T09:15:20\",\"a\":3}");

        assertThat(field(0).json()).isEqualTo("3");
        assertThat(value().late()).isZero();
    }

    private void zone(String zone) {
        bench.registry.update(
                bench.registry.byPath("P").orElseThrow().id(),
                0,
                NodeChange.ofPolicy(policy -> policy.withTimeZone(zone)),
                Bench.ANNA);
    }
}
