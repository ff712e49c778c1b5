package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.TopicPolicy;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.spi.PayloadReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Event loops ask the gates: they do not wait for anybody who reads a payload. */
@Timeout(60)
class GateThreadsTest {
    private final Bench bench = new Bench();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private CompletableFuture<Void> reader = CompletableFuture.completedFuture(null);
    private String topic = "";

    @BeforeEach
    void makeTopic() {
        PayloadReader hangs =
                (message, model, into) -> {
                    reading.countDown();
                    awaitRelease();
                    into.unquoted(model.fields().get(0), "1");
                };
        bench.registry.addPayloadReader(
                hangs, Map.of(PayloadReader.PAYLOAD_FORMAT, "CSV", "component.name", "csv"));
        NewNode wanted =
                NewNode.topic(
                        "P",
                        "t",
                        TopicType.STATE,
                        new Model(
                                List.of(Field.of("speed", FieldType.DOUBLE)), UnknownFields.WARN));
        PayloadFormat csv = new PayloadFormat("CSV");
        topic =
                bench.registry
                        .create(wanted.withPayload(wanted.payload().withFormat(csv)), Bench.ANNA)
                        .path();
    }

    @AfterEach
    void close() {
        released.countDown();
        reader.join();
        bench.registry.deactivate();
    }

    /** Whoever interrupts has no success. */
    private void awaitRelease() {
        while (true) {
            try {
                released.await();
                return;
            } catch (InterruptedException ignored) {
                // As if it were computing.
            }
        }
    }

    private void say(UnaryOperator<NodePolicy> policy) {
        bench.registry.update(
                bench.registry.byPath("P").orElseThrow().id(),
                0,
                NodeChange.ofPolicy(policy),
                Bench.ANNA);
    }

    private Message message() {
        return bench.message(topic, "1".getBytes(StandardCharsets.UTF_8), false);
    }

    /** From now on somebody reads a payload of the topic, and does not come back. */
    private void hang() throws InterruptedException {
        Message first = message();
        reader = CompletableFuture.runAsync(() -> bench.registry.onMessage(first, false));
        reading.await();
    }

    private PublishVerdict judge() throws Exception {
        return CompletableFuture.supplyAsync(() -> bench.gates.judge(message()))
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void refusal_waitsForNoReader_andIsCountedAfterwards() throws Exception {
        say(policy -> policy.withMaxMessagesPerSecond(1));
        hang();

        assertThat(judge()).isSameAs(PublishVerdict.PASS);
        for (int i = 0; i < 100; i++) {
            assertThat(judge()).isInstanceOf(PublishVerdict.Refuse.class);
        }

        released.countDown();
        reader.join();
        TopicValue value = bench.registry.value(topic).orElseThrow();
        assertThat(value.violations()).isEqualTo(100);
        assertThat(value.messages()).isEqualTo(101);
        assertThat(bench.registry.violating(10))
                .extracting(TopicValue::topic)
                .containsExactly(topic);
    }

    @Test
    void questionWhetherATopicIsModelled_waitsForNoReader() throws Exception {
        say(policy -> policy.withTopicPolicy(TopicPolicy.DENY));
        hang();

        assertThat(judge()).isSameAs(PublishVerdict.PASS);
    }

    @Test
    void refusals_ofManyThreads_areAllCounted() {
        released.countDown();
        say(policy -> policy.withMaxMessagesPerSecond(1));

        List<CompletableFuture<Void>> all =
                IntStream.range(0, 4)
                        .mapToObj(
                                thread ->
                                        CompletableFuture.runAsync(
                                                () -> {
                                                    for (int i = 0; i < 1_000; i++) {
                                                        bench.gates.judge(message());
                                                        bench.registry.value(topic);
                                                    }
                                                }))
                        .toList();
        all.forEach(CompletableFuture::join);

        assertThat(bench.registry.value(topic).orElseThrow().violations()).isEqualTo(3_999);
        assertThat(bench.registry.violated(10)).hasSize(1);
    }
}
