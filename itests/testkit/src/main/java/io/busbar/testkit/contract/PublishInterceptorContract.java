package io.busbar.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Tests that every {@link PublishInterceptor} must pass: it answers every message, at once and on
 * any thread. Extend it to test yours.
 */
public abstract class PublishInterceptorContract {
    private static final int ROUNDS = 2_000;
    private static final Duration AT_MOST = Duration.ofSeconds(10);

    /** The interceptor, ready to be asked. */
    protected abstract PublishInterceptor interceptor();

    /** A topic that it asks for. */
    protected abstract String topic();

    /** A payload that it lets pass or annotates. */
    protected abstract byte[] good();

    private Message message(byte[] payload, Qos qos, boolean retain) {
        return new Message(
                TopicName.of(topic()),
                payload,
                qos,
                retain,
                MessageProperties.NONE,
                new Publisher("p1", "A test", "c1", "192.0.2.1:5"),
                1_800_000_000_000L);
    }

    private Message good(Qos qos) {
        return message(good(), qos, false);
    }

    private static List<PublishOrigin> origins() {
        List<PublishOrigin> origins =
                new ArrayList<>(List.of(PublishOrigin.WILL, PublishOrigin.SERVER));
        for (ProtocolVersion version : ProtocolVersion.values()) {
            origins.add(new PublishOrigin(PublishOrigin.Door.CLIENT, version, "tcp"));
        }
        return origins;
    }

    private List<byte[]> anything() {
        byte[] good = good();
        List<byte[]> payloads = new ArrayList<>();
        payloads.add(new byte[0]);
        payloads.add(good);
        payloads.add(Arrays.copyOf(good, good.length / 2));
        payloads.add(Arrays.copyOf(good, good.length + 1));
        for (String text :
                List.of(
                        "null",
                        "NaN",
                        "-1e999999999",
                        "9".repeat(100_000),
                        "\"\\ud800\"",
                        "{\"a\":1,\"a\":2}",
                        "{\"\":".repeat(50_000),
                        "[".repeat(100_000),
                        "\"" + "x".repeat(1 << 20) + "\"")) {
            payloads.add(text.getBytes(StandardCharsets.UTF_8));
        }
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            payloads.add(noise);
            if (good.length > 0) {
                byte[] nearlyGood = good.clone();
                nearlyGood[random.nextInt(good.length)] = (byte) random.nextInt();
                payloads.add(nearlyGood);
            }
        }
        return payloads;
    }

    @Test
    public void intercept_whatIsRight_goesOn() {
        for (PublishOrigin origin : origins()) {
            for (Qos qos : Qos.values()) {
                assertThat(interceptor().intercept(good(qos), origin))
                        .isInstanceOfAny(PublishVerdict.Pass.class, PublishVerdict.Annotate.class);
            }
        }
    }

    @Test
    public void intercept_anything_isAnsweredAndLeftAlone() {
        for (byte[] payload : anything()) {
            byte[] before = payload.clone();
            for (boolean retain : new boolean[] {false, true}) {
                PublishVerdict verdict =
                        interceptor()
                                .intercept(
                                        message(payload, Qos.AT_LEAST_ONCE, retain),
                                        PublishOrigin.SERVER);

                assertThat(verdict).isNotNull();
                assertThat(payload).isEqualTo(before);
            }
        }
    }

    @Test
    public void intercept_onSeveralThreads_isTheSame() throws Exception {
        PublishInterceptor interceptor = interceptor();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Callable<Void> asking =
                        () -> {
                            for (int round = 0; round < ROUNDS; round++) {
                                assertThat(
                                                interceptor.intercept(
                                                        good(Qos.AT_MOST_ONCE),
                                                        PublishOrigin.SERVER))
                                        .isInstanceOfAny(
                                                PublishVerdict.Pass.class,
                                                PublishVerdict.Annotate.class);
                            }
                            return null;
                        };
                running.add(threads.submit(asking));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Event loops wait for it. The bound is wide, so that a busy machine does not matter. */
    @Test
    public void intercept_whatIsRight_doesNotBlock() {
        PublishInterceptor interceptor = interceptor();
        long start = System.nanoTime();

        for (int round = 0; round < ROUNDS; round++) {
            interceptor.intercept(good(Qos.AT_MOST_ONCE), PublishOrigin.SERVER);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_MOST);
    }
}
