package io.busbar.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.busbar.api.broker.Broker;
import io.busbar.api.broker.BrokerInfo;
import io.busbar.api.broker.BrokerStats;
import io.busbar.api.broker.DropCause;
import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.PublishResult;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.memory.ProcessMemory;
import io.busbar.testkit.config.ConfigFile;
import io.busbar.testkit.time.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SysTopicsTest {
    private static final Instant START = Instant.parse("2026-11-23T08:00:00Z");

    private final CountingBroker broker = new CountingBroker();
    private final ManualClock clock = new ManualClock(START);
    private final ProcessMemory memory = new ProcessMemory(5000, 6000, clock);
    private final SysTopics topics = new SysTopics(broker, memory, clock, () -> broker.heap);

    @AfterEach
    void stop() {
        memory.close();
    }

    @Test
    void publish_givesWhatClientsHoldOfTheMemory() {
        memory.open(MemoryArea.HEAP, "sessions", 100, null).add(4800);
        memory.open(MemoryArea.DIRECT, "backlogs", 100, null).refused("line1", 10);

        topics.publish();

        assertThat(broker.retained)
                .containsEntry("$SYS/broker/memory/heap/maximum", "5000")
                .containsEntry("$SYS/broker/memory/heap/used", "4800")
                .containsEntry("$SYS/broker/memory/heap/reclaims", "0")
                .containsEntry("$SYS/broker/memory/direct/maximum", "6000")
                .containsEntry("$SYS/broker/memory/direct/used", "0")
                .containsEntry("$SYS/broker/memory/direct/refusals", "1");
    }

    @Test
    void publish_first_givesWhatToolsRead() {
        clock.set(START.plusSeconds(10));

        topics.publish();

        assertThat(broker.retained)
                .containsEntry("$SYS/broker/version", "Busbar 1.2.3")
                .containsEntry("$SYS/broker/uptime", "10 seconds")
                .containsEntry("$SYS/broker/clients/total", "9")
                .containsEntry("$SYS/broker/clients/connected", "4")
                .containsEntry("$SYS/broker/clients/disconnected", "5")
                .containsEntry("$SYS/broker/subscriptions/count", "7")
                .containsEntry("$SYS/broker/retained messages/count", "3")
                .containsEntry("$SYS/broker/messages/received", "600")
                .containsEntry("$SYS/broker/heap/current", "1000")
                .containsEntry("$SYS/broker/publish/messages/refused", "12")
                .containsEntry("$SYS/broker/publish/messages/diverted", "11")
                .containsEntry("$SYS/broker/publish/interceptors/failures", "13")
                .containsKeys(
                        "$SYS/broker/messages/sent",
                        "$SYS/broker/load/messages/received/5min",
                        "$SYS/broker/load/messages/sent/5min",
                        "$SYS/broker/load/connections/15min",
                        "$SYS/broker/heap/maximum",
                        "$SYS/broker/store/messages/count");
    }

    @Test
    void publish_again_sendsOnlyWhatChanged() {
        topics.publish();
        broker.published = 0;
        broker.received = 601;
        broker.heap = 500;

        topics.publish();

        assertThat(broker.published).isEqualTo(2);
        assertThat(broker.retained)
                .containsEntry("$SYS/broker/heap/maximum", "1000")
                .containsEntry("$SYS/broker/messages/received", "601");
    }

    @Test
    void publish_refused_isTriedAgain() {
        broker.answer = ReasonCode.QUOTA_EXCEEDED;
        topics.publish();
        int first = broker.published;
        broker.answer = ReasonCode.SUCCESS;

        topics.publish();

        assertThat(broker.published).isEqualTo(2 * first);
    }

    @Test
    void load_steadyRate_approachesItPerMinute() {
        LoadAverage load = new LoadAverage();
        for (int i = 1; i <= 60; i++) {
            load.update(i * 100L, 10);
        }

        assertThat(load.perMinute(0)).isCloseTo(600, within(0.1));
        assertThat(load.perMinute(1)).isCloseTo(600 * (1 - Math.exp(-2)), within(0.1));
        assertThat(load.text(0)).isEqualTo("599.97");
    }

    @Test
    void publisher_started_publishesAtOnceAndStopsCleanly() throws InterruptedException {
        SysPublisher publisher = new SysPublisher(topics, 3600);

        assertThat(broker.first.await(5, TimeUnit.SECONDS)).isTrue();
        publisher.deactivate();
    }

    @Test
    void config_fileShowsTheKeysOfTheAnnotation() {
        ConfigFile.assertShows(SysPublisher.Config.class, "io.busbar.metrics.cfg");
    }

    /** A broker that only has figures and keeps what is published. */
    private static final class CountingBroker implements Broker {
        final Map<String, String> retained = new TreeMap<>();
        final CountDownLatch first = new CountDownLatch(1);
        ReasonCode answer = ReasonCode.SUCCESS;
        int published;
        long received = 600;
        long heap = 1000;

        @Override
        public CompletionStage<PublishResult> publish(Message message) {
            assertThat(message.retain()).isTrue();
            retained.put(
                    message.topic().value(), new String(message.payload(), StandardCharsets.UTF_8));
            published++;
            first.countDown();
            return CompletableFuture.completedStage(PublishResult.of(answer));
        }

        @Override
        public BrokerInfo info() {
            return new BrokerInfo("1.2.3", START, "memory");
        }

        @Override
        public BrokerStats stats() {
            return new BrokerStats(
                    new BrokerStats.Connections(4, 6, 10, 1, 4),
                    new BrokerStats.Sessions(9, 5, 0),
                    new BrokerStats.Subscriptions(7, 0),
                    new BrokerStats.Messages(3, 2, 1),
                    new BrokerStats.Traffic(
                            new BrokerStats.Flow(received, 800),
                            new BrokerStats.Flow(500, 700),
                            new BrokerStats.Flow(5000, 7000),
                            new BrokerStats.Flow(6000, 8000)),
                    new BrokerStats.Losses(
                            Map.of(DropCause.QUEUE_FULL, 2L, DropCause.EXPIRED, 1L), 0, 0),
                    new BrokerStats.Interception(12, 11, 13),
                    new BrokerStats.Store(14));
        }

        @Override
        public List<ProviderView> providers() {
            return List.of();
        }

        @Override
        public List<InterceptorView> interceptors() {
            return List.of();
        }

        @Override
        public Optional<Message> retained(TopicName topic) {
            return Optional.empty();
        }

        @Override
        public List<Message> retained(TopicFilter filter, int limit) {
            return List.of();
        }
    }
}
