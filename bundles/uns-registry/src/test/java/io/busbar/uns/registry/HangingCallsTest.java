package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.ProviderView.State;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeSamples;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.spi.PayloadReader;
import io.busbar.api.uns.spi.SampleListener;
import io.busbar.api.uns.spi.ValueListener;
import io.busbar.testkit.time.Await;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What other bundles do on threads that the namespace needs, and do not come back from. */
@Timeout(60)
class HangingCallsTest {
    private static final PayloadFormat CSV = new PayloadFormat("CSV");
    private static final Model MODEL =
            new Model(List.of(Field.of("speed", FieldType.DOUBLE)), UnknownFields.WARN);

    private final Bench bench = new Bench();
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger read = new AtomicInteger();
    private String csv = "";
    private String json = "";

    @BeforeEach
    void makeTopics() {
        PayloadReader reader =
                (message, model, into) -> {
                    read.incrementAndGet();
                    switch (new String(message.payload(), StandardCharsets.UTF_8)) {
                        case "sleep" -> sleep();
                        case "hang" -> hang();
                        default -> into.unquoted(model.fields().get(0), "1");
                    }
                };
        bench.registry.addPayloadReader(
                reader, Map.of(PayloadReader.PAYLOAD_FORMAT, "CSV", "component.name", "csv"));
        NewNode wanted = NewNode.topic("P", "csv", TopicType.STATE, MODEL);
        csv =
                bench.registry
                        .create(wanted.withPayload(wanted.payload().withFormat(CSV)), Bench.ANNA)
                        .path();
        json =
                bench.registry
                        .create(NewNode.topic("P", "json", TopicType.STATE, MODEL), Bench.ANNA)
                        .path();
    }

    @AfterEach
    void close() {
        released.countDown();
        bench.registry.deactivate();
    }

    /** Until somebody interrupts. */
    private static void sleep() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException("stopped", stopped);
        }
    }

    /** Until the test says so. */
    private void hang() {
        while (true) {
            try {
                released.await();
                return;
            } catch (InterruptedException ignored) {
                // As if it were computing.
            }
        }
    }

    private ProviderView view(String kind) {
        return bench.registry.providers().stream()
                .filter(each -> each.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private TopicValue value(String topic) {
        return bench.registry.value(topic).orElseThrow();
    }

    @Test
    void reader_thatSleeps_isInterrupted_andOtherTopicsGoOn() {
        bench.publish(csv, "sleep");

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(view("payload reader").state()).isEqualTo(State.RESTS);
        assertThat(view("payload reader").name()).isEqualTo("csv");
        bench.publish(json, "{\"speed\":2}");
        assertThat(value(json).fields().get(0).json()).isEqualTo("2");
    }

    @Test
    void reader_thatHung_isNotCalledForAWhile() {
        bench.publish(csv, "sleep");
        int calls = read.get();

        bench.publish(csv, "well");

        assertThat(read).hasValue(calls);
        assertThat(value(csv).lastViolation().detail()).contains("CSV hangs, or hung lately");
    }

    @Test
    void reader_thatCannotBeInterrupted_isNamedWhileItHangs() throws Exception {
        Thread namespace = new Thread(() -> bench.publish(csv, "hang"));
        namespace.start();

        Await.until(() -> view("payload reader").state() == State.HANGS);

        assertThat(view("payload reader").detail()).contains("values stand still");
        released.countDown();
        namespace.join();
        assertThat(view("payload reader").state()).isEqualTo(State.RESTS);
    }

    @Test
    void reader_thatIsFast_isNeverSuspected() {
        for (int i = 0; i < 1_000; i++) {
            bench.publish(csv, "well");
        }

        assertThat(view("payload reader").state()).isEqualTo(State.ASKED);
        assertThat(value(csv).violations()).isZero();
    }

    @Test
    void sampleListener_thatHangsInWants_isLeftAlone_andWhatItMissesIsCounted() {
        AtomicInteger asked = new AtomicInteger();
        bench.registry.addSampleListener(
                new SampleListener() {
                    @Override
                    public boolean wants(Node node) {
                        asked.incrementAndGet();
                        sleep();
                        return true;
                    }

                    @Override
                    public void onSamples(List<NodeSamples> batch) {}
                });

        bench.publish(json, "{\"speed\":1}");
        int calls = asked.get();
        bench.publish(json, "{\"speed\":2}");

        assertThat(asked).hasValue(calls);
        assertThat(view("sample listener").state()).isEqualTo(State.RESTS);
        assertThat(bench.registry.stats().samplesLost()).isPositive();
        assertThat(value(json).fields().get(0).json()).isEqualTo("2");
    }

    @Test
    void valueListener_thatHangs_doesNotKeepOthersFromHearing() {
        AtomicLong heard = new AtomicLong();
        ValueListener hanging = value -> sleep();
        ValueListener other = value -> heard.incrementAndGet();
        bench.registry.listen(List.of(hanging, other), List.of());

        bench.publish(json, "{\"speed\":1}");

        Await.until(() -> heard.get() > 0);
        assertThat(bench.registry.providers())
                .anySatisfy(
                        each -> {
                            assertThat(each.kind()).isEqualTo("value listener");
                            assertThat(each.state()).isEqualTo(State.RESTS);
                        });
    }
}
