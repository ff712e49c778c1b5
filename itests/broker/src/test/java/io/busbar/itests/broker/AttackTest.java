package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.UnsubAck;
import io.busbar.mqtt.codec.Unsubscribe;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What has brought brokers down: memory stays bounded, the attacker is told or closed, and a client
 * beside it is served. Sockets are real, and so is the time.
 */
@Timeout(60)
class AttackTest {
    private static final long MEBIBYTE = 1 << 20;

    @RegisterExtension final BrokerExtension broker = new BrokerExtension();

    private final List<RawClient> attackers = new ArrayList<>();

    @AfterEach
    void closeAttackers() {
        attackers.forEach(RawClient::close);
    }

    // ---- before anybody is known

    @Test
    void connect_thatAnnouncesAQuarterOfAGigabyte_isRefusedBeforeItIsStored() throws IOException {
        long before = memory();

        List<Socket> sockets = open(1_000, "10 ff ff ff 7f 00 04 4d 51 54 54 05 02 00 3c");

        served();
        for (Socket socket : sockets) {
            socket.setSoTimeout(10_000);
            while (socket.getInputStream().read() >= 0) {
                // The refusal, then the end.
            }
        }
        assertThat(memory() - before).isLessThan(32 * MEBIBYTE);
        close(sockets);
    }

    @Test
    void halfOfAConnect_onManySockets_costsLittle_andOthersAreServed() throws IOException {
        long before = memory();

        List<Socket> sockets = open(1_000, "10 80 80 04 00 04 4d 51 54 54 05 02 00 3c");

        served();
        assertThat(memory() - before).isLessThan(32 * MEBIBYTE);
        close(sockets);
    }

    /** Opens sockets that say the same. */
    private List<Socket> open(int count, String bytes) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.running().port());
            socket.getOutputStream().write(hex(bytes));
            sockets.add(socket);
        }
        return sockets;
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void refusedConnects_leaveNothingBehind() {
        broker.running()
                .access()
                .authenticating(
                        request ->
                                CompletableFuture.completedFuture(
                                        "bystander".equals(request.clientId())
                                                ? ScriptedAccess.granted("b")
                                                : new AuthResult.Refused(
                                                        Cause.WRONG_PASSWORD, null, null)));
        refuse(200);
        long before = memory();

        refuse(3_000);

        served();
        assertThat(memory() - before).isLessThan(16 * MEBIBYTE);
        assertThat(broker.running().broker().stats().sessions()).isLessThanOrEqualTo(1);
    }

    private void refuse(int times) {
        for (int i = 0; i < times; i++) {
            try (RawClient client =
                    new RawClient(broker.running().port(), ProtocolVersion.MQTT_5_0)) {
                client.send(connect("evil" + i));
                assertThat(client.expect(ConnAck.class).reasonCode())
                        .isEqualTo(ReasonCode.NOT_AUTHORIZED);
            }
        }
    }

    @Test
    void providerThatThrowsOrNeverAnswers_refuses_andTheLoopServesOn() {
        broker.running()
                .access()
                .authenticating(
                        request -> {
                            switch (request.clientId()) {
                                case "throws" -> throw new IllegalStateException("provider");
                                case "hangs" -> {
                                    return new CompletableFuture<>();
                                }
                                default -> {
                                    return CompletableFuture.completedFuture(
                                            ScriptedAccess.granted("b"));
                                }
                            }
                        });

        RawClient hanging = socket().send(connect("hangs"));
        RawClient throwing = socket().send(connect("throws"));

        assertThat(throwing.expect(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
        served();
        Packet late = hanging.next(Duration.ofSeconds(20));
        assertThat(late)
                .isInstanceOfSatisfying(
                        ConnAck.class,
                        answer ->
                                assertThat(answer.reasonCode())
                                        .isEqualTo(ReasonCode.SERVER_UNAVAILABLE));
    }

    @Test
    void clientIdWithALineBreak_isRefused_soThatNoLogIsForged() {
        RawClient client = socket().send(connect("a\nERROR all is lost"));

        assertThat(client.expect(ConnAck.class).reasonCode().isError()).isTrue();
        client.expectClosed();
    }

    // ---- subscriptions

    @Test
    void filterOfManyThousandLevels_isRefused_andTheConnectionGoesOn() {
        RawClient client = connected("attacker");

        client.send(subscribe("/".repeat(30_000)), subscribe("+/".repeat(10_000) + "#"));

        assertThat(client.expect(SubAck.class).reasonCodes())
                .containsExactly(ReasonCode.TOPIC_FILTER_INVALID);
        assertThat(client.expect(SubAck.class).reasonCodes())
                .containsExactly(ReasonCode.TOPIC_FILTER_INVALID);
        client.send(PingReq.INSTANCE);
        client.expect(PingResp.class);
    }

    @Test
    void moreSubscriptionsThanASessionMayHave_areRefusedWithQuota() {
        RawClient client = connected("attacker");
        int most = RunningBroker.LIMITS.maxSubscriptions();
        for (int i = 0; i < most; i++) {
            client.send(subscribe("a/" + i));
            assertThat(client.expect(SubAck.class).reasonCodes())
                    .containsExactly(ReasonCode.SUCCESS);
        }

        client.send(subscribe("a/more"));

        assertThat(client.expect(SubAck.class).reasonCodes())
                .containsExactly(ReasonCode.QUOTA_EXCEEDED);
        served();
    }

    @Test
    void levelsWithEqualHashes_areStillTold_inTime() {
        List<String> colliding = colliding(12);
        RawClient client = connected("attacker");
        for (String level : colliding) {
            client.send(subscribe(level + "/" + level));
            client.expect(SubAck.class);
        }

        RawClient publisher = connected("publisher");
        for (String level : colliding) {
            publisher.send(publish(level + "/" + level, "x", 0));
        }

        for (String level : colliding) {
            assertThat(client.expect(Publish.class).topic().value()).isEqualTo(level + "/" + level);
        }
        served();
    }

    /** Texts whose {@link String#hashCode} is the same: {@code Aa} and {@code BB} in all orders. */
    private static List<String> colliding(int pairs) {
        List<String> texts = List.of("");
        for (int i = 0; i < pairs; i++) {
            List<String> longer = new ArrayList<>();
            texts.forEach(
                    text -> {
                        longer.add(text + "Aa");
                        longer.add(text + "BB");
                    });
            texts = longer;
        }
        return texts;
    }

    @Test
    void subscribingAndUnsubscribingInAStorm_leavesNothing() {
        RawClient client = connected("attacker");
        for (int i = 0; i < 3_000; i++) {
            client.send(
                    subscribe("storm/+/" + i % 7),
                    new Unsubscribe(1, List.of(), List.of(TopicFilter.of("storm/+/" + i % 7))));
            client.expect(SubAck.class);
            client.expect(UnsubAck.class);
        }

        assertThat(broker.running().broker().stats().subscriptions()).isZero();
        served();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"$share", "$share/", "$share//a", "$share/g", "$share/g/", "$share/+/a"})
    void malformedShare_hurtsNobodyElse(String filter) {
        byte[] text = filter.getBytes(StandardCharsets.UTF_8);
        RawClient client = connected("attacker");
        String packet =
                "%02x 00 01 00 00 %02x %s 00"
                        .formatted(6 + text.length, text.length, HexFormat.of().formatHex(text));

        client.send(hex("82 " + packet));
        client.next(Duration.ofSeconds(5));

        served();
    }

    // ---- messages

    @Test
    void packetLargerThanAllowed_isToldAndClosed_beforeItIsStored() {
        RawClient client = connected("attacker");

        client.send(hex("30 ff ff ff 7f 00 01 61"));

        assertThat(client.expect(Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.PACKET_TOO_LARGE);
        client.expectClosed();
        served();
    }

    @Test
    void qos2NeverCompleted_endsAtTheReceiveMaximum() {
        int most = RunningBroker.LIMITS.receiveMaximum();
        for (int c = 0; c < 10; c++) {
            RawClient client = connected("attacker" + c);
            for (int id = 1; id <= most; id++) {
                client.send(publish("a", "x", id));
                client.expect(PubRec.class);
            }
            client.send(publish("a", "x", most + 1));
            assertThat(client.expect(Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
        }
        served();
    }

    @Test
    void subscriberThatNeverReads_isAFloodForItselfAlone() {
        RawClient deaf = connected("deaf").send(subscribe("#"));
        deaf.expect(SubAck.class);
        long before = memory();
        RawClient publisher = connected("publisher");
        String kibibyte = "x".repeat(1_024);
        for (int i = 0; i < 60_000; i++) {
            publisher.send(publish("flood", kibibyte, 0));
        }
        publisher.send(PingReq.INSTANCE);

        assertThat(publisher.next(Duration.ofSeconds(40))).isInstanceOf(PingResp.class);
        assertThat(memory() - before).isLessThan(96 * MEBIBYTE);
        assertThat(broker.running().broker().stats().publishDropped()).isPositive();
    }

    @Test
    void clearingAThousandRetainedMessages_atOnce_reachesEverybody() {
        RawClient publisher = connected("publisher");
        for (int i = 0; i < 1_000; i++) {
            publisher.send(retain("r/" + i, "x"));
        }
        publisher.send(PingReq.INSTANCE);
        publisher.expect(PingResp.class);
        RawClient watcher = connected("watcher").send(subscribe("r/#"));
        watcher.expect(SubAck.class);
        for (int i = 0; i < 1_000; i++) {
            watcher.expect(Publish.class);
        }

        for (int i = 0; i < 1_000; i++) {
            publisher.send(retain("r/" + i, ""));
        }

        for (int i = 0; i < 1_000; i++) {
            Publish cleared = watcher.expect(Publish.class);
            assertThat(cleared.topic().value()).isEqualTo("r/" + i);
            assertThat(cleared.payload()).isEmpty();
        }
        assertThat(broker.running().broker().stats().retained()).isZero();
    }

    // ---- a client beside it

    /** A client that does nothing wrong connects, and its message comes back. */
    private void served() {
        try (RawClient client = broker.client(ProtocolVersion.MQTT_5_0)) {
            client.send(connect("bystander"));
            assertThat(client.expect(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
            client.send(subscribe("bystander/t"));
            client.expect(SubAck.class);
            client.send(
                    Publish.of(
                            TopicName.of("bystander/t"),
                            bytes("well"),
                            Qos.AT_LEAST_ONCE,
                            false,
                            9));
            boolean acknowledged = false;
            boolean delivered = false;
            while (!acknowledged || !delivered) {
                Packet packet = client.next(Duration.ofSeconds(10));
                assertThat(packet).isNotNull();
                acknowledged |= packet instanceof PubAck;
                delivered |= packet instanceof Publish;
            }
        }
    }

    private RawClient socket() {
        RawClient client = broker.client(ProtocolVersion.MQTT_5_0);
        attackers.add(client);
        return client;
    }

    private RawClient connected(String clientId) {
        RawClient client = socket().send(connect(clientId));
        assertThat(client.expect(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        return client;
    }

    private static Connect connect(String clientId) {
        return new Connect(
                ProtocolVersion.MQTT_5_0,
                true,
                0,
                clientId,
                null,
                null,
                null,
                ConnectProperties.NONE);
    }

    private static Subscribe subscribe(String filter) {
        return new Subscribe(
                1,
                0,
                List.of(),
                List.of(new Subscribe.Entry(TopicFilter.of(filter), Qos.AT_MOST_ONCE)));
    }

    /** QoS 2 with an identifier, QoS 0 without. */
    private static Publish publish(String topic, String text, int packetId) {
        return Publish.of(
                TopicName.of(topic),
                bytes(text),
                packetId == 0 ? Qos.AT_MOST_ONCE : Qos.EXACTLY_ONCE,
                false,
                packetId);
    }

    private static Publish retain(String topic, String text) {
        return Publish.of(TopicName.of(topic), bytes(text), Qos.AT_MOST_ONCE, true, 0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    /** Heap after a collection, and memory outside it. */
    private static long memory() {
        System.gc();
        long direct = 0;
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            direct += pool.getMemoryUsed();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + direct;
    }
}
