package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.testkit.client.Packets;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.time.Await;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that take their time, and intervals at the edge of their numbers. */
class AttackOnTimeTest extends UnderAttack {
    private static final long TRICKLE_MILLIS = 50;
    private static final int SLOW = 200;
    private static final int ATTACKERS = 4;
    private static final int SEARCHES = 2_500;

    private final ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();

    AttackOnTimeTest() {
        super(
                Map.of(
                        "connect_timeout_ms", 1_000,
                        "max_keep_alive", 0,
                        "packet_timeout_ms", 3_000));
    }

    @AfterEach
    void stop() {
        drip.shutdownNow();
    }

    /** A byte now and then to each, until it is closed. */
    private void trickle(List<Socket> sockets) {
        drip.scheduleAtFixedRate(
                () -> {
                    for (Socket socket : sockets) {
                        try {
                            socket.getOutputStream().write('x');
                        } catch (IOException closed) {
                            // What is waited for.
                        }
                    }
                },
                0,
                TRICKLE_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private static Connect keepingAlive(String clientId, int seconds) {
        Connect connect = connect(clientId);
        return new Connect(
                connect.version(), true, seconds, clientId, null, null, null, connect.properties());
    }

    @Test
    void connectByteByByte_isCutOffWhenItsTimeIsOver() {
        List<Socket> slow = open(200, hex("10 80 80 04 00 04 4d 51 54 54 05 02 00 3c"));
        trickle(slow);

        served();
        slow.forEach(UnderAttack::readToEnd);
        Await.until(() -> stats().connections().online() == 0);
        assertMemoryBelow(16);
    }

    @Test // [MQTT5-3.1.2-22]: a Control Packet has to arrive, not a byte
    void packetByteByByte_isCutOffByItsKeepAlive() {
        AtomicInteger timedOut = new AtomicInteger();
        broker.running()
                .broker()
                .events()
                .bind(
                        event -> {
                            if (event instanceof ClientEvent.Disconnected gone
                                    && gone.cause() == ClientEvent.Cause.KEEP_ALIVE_TIMEOUT) {
                                timedOut.incrementAndGet();
                            }
                        },
                        Map.of());
        trickleUntilTold(1, 0x8D);
        Await.until(() -> timedOut.get() == SLOW);
        assertMemoryBelow(16);
    }

    @Test
    void packetByteByByte_withoutKeepAlive_isCutOffWhenItsTimeIsOver() {
        trickleUntilTold(0, 0x97);
        Await.until(
                () ->
                        broker.running().broker().rejections().list().stream()
                                        .filter(
                                                each ->
                                                        each.cause()
                                                                == Rejection.Cause.PACKET_TIMEOUT)
                                        .count()
                                == SLOW);
        assertMemoryBelow(16);
    }

    /** Many clients, each with a PUBLISH of 1 MB that does not become complete. */
    private void trickleUntilTold(int keepAliveSeconds, int reason) {
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < SLOW; i++) {
            slow.add(
                    open(
                            Packets.bytes(
                                    ProtocolVersion.MQTT_5_0,
                                    keepingAlive("attacker" + i, keepAliveSeconds))));
        }
        for (Socket socket : slow) {
            try {
                socket.getOutputStream().write(hex("30 80 80 40 00 01 61 00"));
            } catch (IOException e) {
                throw new AssertionError("closed too early", e);
            }
        }
        trickle(slow);

        served();
        for (Socket socket : slow) {
            byte[] told = readToEnd(socket);
            // DISCONNECT comes last, unless what is still on its way resets the connection.
            assertThat(told.length == 0 || indexOf(told, 0xE0, reason) > 0).isTrue();
        }
    }

    private static int indexOf(byte[] bytes, int type, int reason) {
        for (int i = 0; i + 2 < bytes.length; i++) {
            if ((bytes[i] & 0xFF) == type && (bytes[i + 2] & 0xFF) == reason) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void extremeIntervals_areKeptAsTheyAre() {
        for (long expiry : EXTREME) {
            for (long delay : EXTREME) {
                String id = "c" + expiry + "-" + delay;
                RawClient client =
                        connected(
                                connect(
                                        id,
                                        true,
                                        expiry,
                                        AttackByWillTest.will("w", bytes("gone"), delay, false)));
                client.send(subscribe("x/" + id, Qos.AT_LEAST_ONCE)).expect(SubAck.class);
                client.close();
            }
        }
        int sessions = EXTREME.length * EXTREME.length;
        Await.until(() -> stats().sessions().offline() == sessions);
        assertThat(broker.running().broker().clients().sessions()).hasSize(sessions);

        RawClient publisher = connected(keepingAlive("publisher", 65_535));
        RawClient watcher = subscribed("watcher", "w", Qos.AT_MOST_ONCE);
        for (long expiry : EXTREME) {
            for (long delay : EXTREME) {
                String id = "c" + expiry + "-" + delay;
                publisher
                        .send(expiring("x/" + id, delay, false), expiring("r/" + id, delay, true))
                        .expect(PubAck.class);
                publisher.expect(PubAck.class);

                RawClient again = socket().send(connect(id, false, 0, null));

                assertThat(again.expect(ConnAck.class).sessionPresent()).isTrue();
                assertLeft(again.expect(Publish.class), delay);
                RawClient reader = subscribed("reader", "r/" + id, Qos.AT_MOST_ONCE);
                assertLeft(reader.expect(Publish.class), delay);
            }
        }
        assertNothingComes(watcher);
        publisher.send(PingReq.INSTANCE).expect(PingResp.class);
        served();
    }

    private static Publish expiring(String topic, long seconds, boolean retain) {
        return new Publish(
                false,
                Qos.AT_LEAST_ONCE,
                retain,
                retain ? 2 : 1,
                TopicName.of(topic),
                0,
                new MessageProperties(
                        MessageProperties.ABSENT, seconds, null, null, null, List.of()),
                new int[0],
                bytes("x"));
    }

    private static void assertLeft(Publish publish, long seconds) {
        assertThat(publish.properties().messageExpirySeconds()).isBetween(seconds - 10, seconds);
    }

    @Test
    void willDelayBeyondTheSession_isDueWithIt() {
        RawClient watcher = subscribed("watcher", "w", Qos.AT_MOST_ONCE);
        for (long delay : EXTREME) {
            connected(
                            connect(
                                    "dies",
                                    true,
                                    0,
                                    AttackByWillTest.will("w", bytes("gone"), delay, false)))
                    .close();

            assertThat(text(watcher.expect(Publish.class))).isEqualTo("gone");
        }
    }

    /**
     * Round trips are counted, not timed: that others are served in between does not depend on how
     * fast the machine is.
     */
    @Test
    void searchesAmongManyRetained_areCarriedOutInBetween() throws Exception {
        retainMany(100_000);
        RawClient[] bystanders = {connected("bystander0"), connected("bystander1")};
        byte[] search = Packets.bytes(ProtocolVersion.MQTT_5_0, subscribe("+/+/+/x"));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < SEARCHES; i++) {
            all.writeBytes(search);
        }
        byte[] searches = all.toByteArray();
        AtomicInteger unanswered = new AtomicInteger(ATTACKERS);
        List<Thread> attackers = new ArrayList<>();
        for (int i = 0; i < ATTACKERS; i++) {
            Socket socket = open(Packets.bytes(ProtocolVersion.MQTT_5_0, connect("attacker" + i)));
            attackers.add(
                    new Thread(
                            () -> {
                                send(socket, searches);
                                readUntilAnswered(socket, SEARCHES);
                                unanswered.decrementAndGet();
                            }));
        }
        attackers.forEach(Thread::start);

        int served = 0;
        while (unanswered.get() > 0) {
            for (RawClient bystander : bystanders) {
                bystander.send(PingReq.INSTANCE).expect(PingResp.class);
            }
            served++;
        }
        for (Thread attacker : attackers) {
            attacker.join();
        }

        assertThat(served).isGreaterThan(50);
    }

    private void retainMany(int count) {
        List<CompletableFuture<?>> stored = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String topic = "p" + i % 20 + "/l" + i / 20 % 100 + "/m" + i / 2_000;
            stored.add(
                    broker.running()
                            .broker()
                            .publish(
                                    new Message(
                                            TopicName.of(i % 2 == 0 ? topic : topic + "/v"),
                                            bytes("x"),
                                            Qos.AT_MOST_ONCE,
                                            true,
                                            MessageProperties.NONE,
                                            Publisher.SERVER,
                                            0))
                            .toCompletableFuture());
            if (stored.size() == 1_000) {
                CompletableFuture.allOf(stored.toArray(CompletableFuture[]::new)).join();
                stored.clear();
            }
        }
        Await.until(() -> stats().messages().retained() == count);
    }

    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads until so many SUBACK came; nothing else is that long that it needs a second byte. */
    private static void readUntilAnswered(Socket socket, int count) {
        try {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int left = count; left > 0; ) {
                int type = in.read();
                if (type < 0) {
                    throw new AssertionError("closed");
                }
                in.skipNBytes(in.read());
                left -= type == 0x90 ? 1 : 0;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void comingAndGoing_withIntervalsThatNeverEnd_leavesNothing() throws IOException {
        byte[] login =
                Packets.bytes(
                        ProtocolVersion.MQTT_5_0,
                        connect(
                                "attacker",
                                false,
                                0xFFFF_FFFEL,
                                AttackByWillTest.will("w", new byte[1_000], 0xFFFF_FFFFL, false)),
                        new Disconnect(
                                ReasonCode.DISCONNECT_WITH_WILL, -1, ReasonDetails.NONE, null));
        for (int i = 0; i < 3_000; i++) {
            Socket socket = open(login);
            socket.getInputStream().readNBytes(4);
            socket.setSoLinger(true, 0);
            socket.close();
        }

        served();
        Await.until(() -> stats().sessions().offline() == 1);
        assertMemoryBelow(8);
    }
}
