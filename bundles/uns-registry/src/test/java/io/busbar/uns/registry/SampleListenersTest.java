package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeSamples;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.Sample;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.ValidationMode;
import io.busbar.api.uns.spi.SampleListener;
import io.busbar.testkit.time.Await;
import io.busbar.uns.registry.value.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every sample, lossless or counted. */
class SampleListenersTest {
    private final Bench bench = new Bench();
    private final Recorder recorder = new Recorder();

    @AfterEach
    void stop() {
        recorder.go.countDown();
        bench.registry.deactivate();
    }

    private String topic(String name, Field... fields) {
        Model model = new Model(List.of(fields), UnknownFields.ALLOW);
        return bench.registry
                .create(NewNode.topic("P", name, TopicType.STATE, model), Bench.ANNA)
                .path();
    }

    @Test
    void everyMessage_comesOnceAndInOrder_withAllItsFields() {
        bench.registry.deactivate();
        // The queue has room for all, however slow the listener's thread is.
        bench.registry = bench.open(new Limits(1000, 0, 3, 10, 10_000_000));
        String topic = topic("t", Field.of("a", FieldType.LONG), Field.of("b", FieldType.STRING));
        bench.registry.addSampleListener(recorder);

        for (int i = 0; i < 5_000; i++) {
            bench.publish(
                    topic, "{\"ts\":\"2026-11-23T08:00:00Z\",\"a\":" + i + ",\"b\":\"x\",\"c\":1}");
        }

        Await.until(() -> recorder.heard.size() == 5_000);
        for (int i = 0; i < 5_000; i++) {
            NodeSamples each = recorder.heard.get(i);
            Instant time = Instant.parse("2026-11-23T08:00:00Z");
            assertThat(each.node().path()).isEqualTo(topic);
            assertThat(each.receivedAt()).isEqualTo(Bench.START);
            assertThat(each.lostBefore()).isZero();
            assertThat(each.samples())
                    .containsExactly(
                            new Sample("a", Integer.toString(i), Quality.GOOD, time, false),
                            new Sample("b", "\"x\"", Quality.GOOD, time, false));
        }
        assertThat(bench.registry.stats().samplesLost()).isZero();
    }

    @Test
    void valueThatDoesNotFit_isBadWithoutText_doubtfulTimeIsUncertain() {
        String topic = topic("t", Field.of("a", FieldType.LONG), Field.of("b", FieldType.LONG));
        bench.registry.addSampleListener(recorder);

        bench.publish(topic, "{\"ts\":\"yesterday\",\"a\":\"hot\",\"b\":2}");

        Await.until(() -> recorder.heard.size() == 1);
        assertThat(recorder.heard.get(0).samples())
                .containsExactly(
                        new Sample("a", null, Quality.BAD, Bench.START, false),
                        new Sample("b", "2", Quality.UNCERTAIN, Bench.START, false));
    }

    @Test
    void whatIsNoSample_doesNotCome_andIsNotMissing() {
        String topic = topic("t", Field.of("a", FieldType.LONG));
        bench.registry.addSampleListener(recorder);

        bench.publish("foreign", "1");
        bench.publish(topic, "no json");
        bench.publish(topic, "{\"unknown\":1}");
        bench.registry.onMessage(
                bench.message(topic, "{\"a\":1}".getBytes(StandardCharsets.UTF_8), true), true);
        bench.registry.onMessage(bench.message(topic, new byte[0], true), false);
        bench.registry.update(
                bench.registry.byPath(topic).orElseThrow().id(),
                0,
                NodeChange.ofPolicy(policy -> policy.withValidation(ValidationMode.OFF)),
                Bench.ANNA);
        bench.publish(topic, "{\"a\":7}");

        Await.until(() -> !recorder.heard.isEmpty());
        assertThat(recorder.heard).hasSize(1);
        assertThat(recorder.heard.get(0).samples()).extracting(Sample::json).containsExactly("7");
        assertThat(recorder.heard.get(0).lostBefore()).isZero();
    }

    @Test
    void nodeWithoutModel_givesAllThatCanBeRead_toWhomWantsIt() {
        String topic = topic("t");
        String other = topic("other");
        recorder.wanted = topic;
        bench.registry.addSampleListener(recorder);

        bench.publish(other, "1");
        bench.publish(topic, "{\"a\":1,\"b\":{\"c\":2}}");
        bench.publish(topic, "72.4");

        Await.until(() -> recorder.heard.size() == 2);
        assertThat(recorder.heard.get(0).samples())
                .extracting(Sample::field, Sample::json)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", "1"),
                        org.assertj.core.groups.Tuple.tuple("b", "{\"c\":2}"));
        assertThat(recorder.heard.get(1).samples())
                .extracting(Sample::field, Sample::json)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("value", "72.4"));
    }

    @Test
    void slowListener_losesWhatDoesNotFit_andIsToldHowMuchWhere() throws Exception {
        bench.registry.deactivate();
        bench.registry = bench.open(new Limits(1000, 0, 3, 10, 20_000));
        String topic = topic("t", Field.of("a", FieldType.LONG));
        String quiet = topic("quiet", Field.of("a", FieldType.LONG));
        recorder.go = new CountDownLatch(1);
        bench.registry.addSampleListener(recorder);
        bench.publish(topic, "{\"a\":0}");
        assertThat(recorder.begun.await(5, TimeUnit.SECONDS)).isTrue();

        for (int i = 1; i < 1_000; i++) {
            bench.publish(topic, "{\"a\":" + i + "}");
        }
        bench.publish(quiet, "{\"a\":1}");
        long lost = bench.registry.stats().samplesLost();
        assertThat(lost).isBetween(800L, 950L);
        recorder.go.countDown();
        Await.until(() -> recorder.heard.size() == 1_001 - lost);
        bench.publish(topic, "{\"a\":1000}");
        bench.publish(quiet, "{\"a\":2}");

        Await.until(() -> recorder.heard.size() == 1_003 - lost);
        List<NodeSamples> heard = List.copyOf(recorder.heard);
        assertThat(heard.get(heard.size() - 2).lostBefore()).isEqualTo(lost - 1);
        assertThat(heard.get(heard.size() - 1).lostBefore()).isEqualTo(1);
        assertThat(heard.stream().mapToLong(NodeSamples::lostBefore).sum()).isEqualTo(lost);
        assertThat(bench.registry.stats().samplesLost()).isEqualTo(lost);
    }

    @Test
    void listenerThatThrows_losesThoseMessages_andOthersLoseNothing() {
        String topic = topic("t", Field.of("a", FieldType.LONG));
        Recorder other = new Recorder();
        recorder.failures.set(1);
        bench.registry.addSampleListener(recorder);
        bench.registry.addSampleListener(other);

        bench.publish(topic, "{\"a\":1}");
        Await.until(() -> bench.registry.stats().samplesLost() == 1);
        bench.publish(topic, "{\"a\":2}");

        Await.until(() -> recorder.heard.size() == 1 && other.heard.size() == 2);
        assertThat(recorder.heard.get(0).lostBefore()).isEqualTo(1);
        assertThat(other.heard).extracting(NodeSamples::lostBefore).containsExactly(0L, 0L);
    }

    @Test
    void whatTheBrokersQueueSpared_isToldWhereItIsKnown() {
        String topic = topic("t", Field.of("a", FieldType.LONG));
        bench.registry.addSampleListener(recorder);

        bench.registry.onMissed(TopicName.of(topic), 7);
        bench.registry.onMissed(TopicName.of("foreign"), 100);
        bench.registry.onMissed(null, 5);
        bench.publish(topic, "{\"a\":1}");

        Await.until(() -> recorder.heard.size() == 1);
        assertThat(recorder.heard.get(0).lostBefore()).isEqualTo(7);
        assertThat(recorder.lostSomewhere.get()).isEqualTo(5);
        assertThat(bench.registry.stats().samplesLost()).isEqualTo(12);
    }

    @Test
    void listenerThatCannotSayWhatItWants_getsNothingAndHarmsNobody() {
        String topic = topic("t", Field.of("a", FieldType.LONG));
        bench.registry.addSampleListener(
                new SampleListener() {
                    @Override
                    public boolean wants(Node node) {
                        throw new IllegalStateException("no idea");
                    }

                    @Override
                    public void onSamples(List<NodeSamples> batch) {
                        recorder.failures.set(-1);
                    }
                });
        bench.registry.addSampleListener(recorder);

        bench.publish(topic, "{\"a\":1}");

        Await.until(() -> recorder.heard.size() == 1);
        assertThat(recorder.failures.get()).isZero();
        assertThat(bench.registry.value(topic).orElseThrow().valid()).isTrue();
    }

    @Test
    void stop_handsOverWhatWaits() {
        String topic = topic("t", Field.of("a", FieldType.LONG));
        bench.registry.addSampleListener(recorder);
        for (int i = 0; i < 3_000; i++) {
            bench.publish(topic, "{\"a\":" + i + "}");
        }

        bench.registry.deactivate();

        assertThat(recorder.heard).hasSize(3_000);
    }

    @Test
    void listenerThatIsGone_isNotCalledAnyMore() {
        String topic = topic("t", Field.of("a", FieldType.LONG));
        Recorder other = new Recorder();
        bench.registry.addSampleListener(recorder);
        bench.registry.addSampleListener(other);

        bench.registry.removeSampleListener(recorder);
        bench.publish(topic, "{\"a\":1}");

        Await.until(() -> other.heard.size() == 1);
        assertThat(recorder.heard).isEmpty();
    }

    /** Keeps what it hears; stands still or fails if a test wants it. */
    private static final class Recorder implements SampleListener {
        final List<NodeSamples> heard = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch begun = new CountDownLatch(1);
        final AtomicLong lostSomewhere = new AtomicLong();
        final AtomicLong failures = new AtomicLong();
        volatile CountDownLatch go = new CountDownLatch(0);
        volatile String wanted = "";

        @Override
        public boolean wants(Node node) {
            return wanted.isEmpty() || wanted.equals(node.path());
        }

        @Override
        public void onSamples(List<NodeSamples> batch) {
            begun.countDown();
            try {
                go.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException ignored) {
                Thread.currentThread().interrupt();
            }
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("disk full");
            }
            heard.addAll(batch);
        }

        @Override
        public void onLost(long messages) {
            lostSomewhere.addAndGet(messages);
        }
    }
}
