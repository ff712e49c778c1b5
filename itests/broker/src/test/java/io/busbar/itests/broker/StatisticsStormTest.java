package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.BrokerStats;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.SessionView;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.time.Await;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Each loop counts for itself what it adds and takes away, without synchronisation: with clients
 * that come, take over and go on several loops at once, the sum still is what a walk over all
 * sessions finds.
 */
class StatisticsStormTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 25;
    private static final int CLIENT_IDS = 8;
    private static final Duration SOON = Duration.ofMillis(5);
    private static final String[] FILTERS = {"a/#", "a/1", "$share/g/a/+", "$share/g/a/1"};
    private static final long[] EXPIRIES = {0, 1, 1_000, 0xFFFF_FFFFL};

    @RegisterExtension final BrokerExtension broker = new BrokerExtension();

    @Test
    void afterAStorm_theSumOfTheLoopsIsWhatAWalkFinds() throws InterruptedException {
        try (RawClient keeper = RawClient.to(broker.running().port())) {
            keeper.send(connect("keeper", false, 0xFFFF_FFFFL), subscribe("a/#"));
            keeper.expect(ConnAck.class);
            keeper.expect(SubAck.class);
        }
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(i);
            Thread thread = new Thread(() -> comeAndGo(random));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join(60_000);
        }

        Await.until(() -> walk().equals(stats().messages()) && offline() == offlineWalked());
        assertThat(stats().messages().queued()).as("kept for the keeper").isPositive();
    }

    @Test
    void bytes_areThoseOfTheConnections() {
        for (int i = 0; i < 20; i++) {
            RawClient client = broker.client(ProtocolVersion.MQTT_5_0);
            client.send(connect("c" + i, true, 0), subscribe("a/#"), publish(1), publish(2));
        }

        Await.until(() -> stats().traffic().publishes().received() == 40);
        Await.until(
                () ->
                        stats().traffic().bytes().equals(walkBytes())
                                && walkBytes().sent() > 0
                                && stats().connections().online() == 20);
    }

    private BrokerStats stats() {
        return broker.running().broker().stats();
    }

    private BrokerStats.Messages walk() {
        long queued = 0;
        long inflight = 0;
        for (ClientView client : broker.running().broker().clients().list()) {
            queued += client.queued();
            inflight += client.inflight();
        }
        for (SessionView session : broker.running().broker().clients().sessions()) {
            queued += session.online() ? 0 : session.queued();
        }
        return new BrokerStats.Messages(0, queued, inflight);
    }

    private BrokerStats.Flow walkBytes() {
        List<ClientView> clients = broker.running().broker().clients().list();
        return new BrokerStats.Flow(
                clients.stream().mapToLong(ClientView::bytesIn).sum(),
                clients.stream().mapToLong(ClientView::bytesOut).sum());
    }

    private long offline() {
        return stats().sessions().offline();
    }

    private long offlineWalked() {
        return broker.running().broker().clients().sessions().stream()
                .filter(session -> !session.online())
                .count();
    }

    private void comeAndGo(Random random) {
        for (int round = 0; round < ROUNDS; round++) {
            try (RawClient client = RawClient.to(broker.running().port())) {
                client.send(
                        connect(
                                "c" + random.nextInt(CLIENT_IDS),
                                random.nextInt(8) == 0,
                                EXPIRIES[random.nextInt(EXPIRIES.length)]),
                        subscribe(FILTERS[random.nextInt(FILTERS.length)]));
                for (int i = random.nextInt(30); i > 0; i--) {
                    client.send(publish(i));
                }
                for (Packet packet; (packet = client.next(SOON)) != null; ) {
                    if (packet instanceof Publish publish && random.nextInt(3) > 0) {
                        client.send(new PubAck(publish.packetId(), ReasonCode.SUCCESS));
                    }
                }
            } catch (UncheckedIOException ignored) {
                // Taken over while it was sending.
            }
        }
    }

    private static Connect connect(String clientId, boolean clean, long expirySeconds) {
        return new Connect(
                ProtocolVersion.MQTT_5_0,
                clean,
                0,
                clientId,
                null,
                null,
                null,
                new ConnectProperties(
                        expirySeconds, 10, 1 << 20, 0, false, true, List.of(), null, null));
    }

    private static Subscribe subscribe(String filter) {
        return new Subscribe(
                1,
                0,
                List.of(),
                List.of(new Subscribe.Entry(TopicFilter.of(filter), Qos.AT_LEAST_ONCE)));
    }

    private static Publish publish(int packetId) {
        return Publish.of(
                TopicName.of("a/" + packetId % 2),
                new byte[10],
                Qos.AT_LEAST_ONCE,
                false,
                packetId);
    }
}
