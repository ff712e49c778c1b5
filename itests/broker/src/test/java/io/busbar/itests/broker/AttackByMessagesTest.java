package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.DropCause;
import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.testkit.client.Packets;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.time.Await;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages: too large, never complete, never acknowledged, never read. */
class AttackByMessagesTest extends UnderAttack {
    private static final int IDENTIFIERS = 65_535;

    AttackByMessagesTest() {
        super(Map.of("max_inflight", IDENTIFIERS));
    }

    @Test
    void packetLargerThanAllowed_isToldAndClosed_beforeItIsStored() {
        for (int i = 0; i < 100; i++) {
            RawClient client = connected("attacker" + i);

            client.send(hex("30 ff ff ff 7f 00 01 61"));

            assertThat(client.expect(Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.PACKET_TOO_LARGE);
            client.expectClosed();
        }
        served();
        assertThat(refusals(Rejection.Cause.PACKET_TOO_LARGE)).isEqualTo(100);
        assertMemoryBelow(16);
    }

    @Test
    void largePacketsThatNeverEnd_areBoundedAllTogether() {
        byte[] login = Packets.bytes(ProtocolVersion.MQTT_5_0, connect(""));
        byte[] begun = new byte[4_000_000];
        System.arraycopy(hex("30 a0 9f fa 01 00 01 61 00"), 0, begun, 0, 9);
        int refused = 0;
        for (Socket socket : open(40, login)) {
            try {
                socket.getOutputStream().write(begun);
            } catch (IOException cutOff) {
                refused++;
            }
        }

        Await.until(() -> refusals(Rejection.Cause.QUOTA_EXCEEDED) >= 20);
        served();
        assertThat(refused).isLessThanOrEqualTo(24);
        // What may wait, and as much again where a buffer grows
        assertMemoryBelow(128);
    }

    @Test
    void qos2NeverCompleted_endsAtTheReceiveMaximum() {
        int most = RunningBroker.LIMITS.publishes().receiveMaximum();
        for (int c = 0; c < 10; c++) {
            RawClient client = connected("attacker" + c);
            for (int id = 1; id <= most; id++) {
                client.send(publish("a", "x", Qos.EXACTLY_ONCE, id));
                client.expect(PubRec.class);
            }
            client.send(publish("a", "x", Qos.EXACTLY_ONCE, most + 1));
            assertThat(client.expect(Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
        }
        served();
        assertThat(refusals(Rejection.Cause.RECEIVE_MAXIMUM)).isEqualTo(10);
        assertMemoryBelow(16);
    }

    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5_0"})
    void qos2NeverCompleted_overAllIdentifiers_costsABitEach(ProtocolVersion version) {
        RawClient watcher = subscribed("watcher", "a", Qos.AT_MOST_ONCE);
        int window = RunningBroker.LIMITS.publishes().receiveMaximum();
        for (int c = 0; c < 3; c++) {
            RawClient client = stubborn(version, c);
            for (int id = 1; id <= IDENTIFIERS; id++) {
                client.send(publish("flood", "x".repeat(100), Qos.EXACTLY_ONCE, id));
                if (id % window == 0 || id == IDENTIFIERS) {
                    for (int i = (id - 1) % window; i >= 0; i--) {
                        client.expect(PubRec.class);
                    }
                    if (version.isMqtt5()) {
                        // [MQTT5-3.3.4-7]: only a new connection may go on
                        client.close();
                        client = stubborn(version, c);
                    }
                }
            }
            client.send(publish("a", "again", Qos.EXACTLY_ONCE, 1));
            assertThat(client.expect(PubRec.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        }

        assertNothingComes(watcher);
        served();
        assertMemoryBelow(16);
    }

    private RawClient stubborn(ProtocolVersion version, int number) {
        return connected(
                version.isMqtt5()
                        ? connect("attacker" + number, false, 1_000, null)
                        : connect311("attacker" + number, false));
    }

    @Test
    void subscriberThatNeverAcknowledges_usesUpItsIdentifiers_thenItsQueue_thenLosesMessages() {
        int queue = RunningBroker.LIMITS.deliveries().maxQueuedMessages();
        int lost = 5_000;
        RawClient subscriber = subscribed("attacker", "flood", Qos.AT_LEAST_ONCE);
        RawClient publisher = connected("publisher");
        BitSet seen = new BitSet();
        int window = RunningBroker.LIMITS.publishes().receiveMaximum();
        int all = IDENTIFIERS + queue + lost;
        for (int sent = 0; sent < all; sent += window) {
            int some = Math.min(window, all - sent);
            for (int id = 1; id <= some; id++) {
                publisher.send(publish("flood", "x", Qos.AT_LEAST_ONCE, id));
            }
            for (int i = 0; i < some; i++) {
                publisher.expect(PubAck.class);
            }
            for (int i = 0; i < some && seen.cardinality() < IDENTIFIERS; i++) {
                seen.set(subscriber.expect(Publish.class).packetId());
            }
        }

        assertThat(seen.cardinality()).isEqualTo(IDENTIFIERS);
        assertThat(seen.get(0)).isFalse();
        assertNothingComes(subscriber);
        assertThat(stats().messages().inflight()).isEqualTo(IDENTIFIERS);
        assertThat(stats().messages().queued()).isEqualTo(queue);
        assertThat(stats().losses().drops().get(DropCause.QUEUE_FULL)).isEqualTo(lost);
        served();
        assertMemoryBelow(64);

        subscriber.send(new PubAck(4_711, ReasonCode.SUCCESS));
        assertThat(subscriber.expect(Publish.class).packetId()).isEqualTo(4_711);
    }

    @Test
    void subscriberThatNeverReads_isAFloodForItselfAlone() {
        RawClient deaf = connected("deaf").send(subscribe("#"));
        deaf.expect(SubAck.class);
        RawClient publisher = connected("publisher");
        String kibibyte = "x".repeat(1_024);
        for (int i = 0; i < 60_000; i++) {
            publisher.send(publish("flood", kibibyte, Qos.AT_MOST_ONCE, 0));
        }
        publisher.send(PingReq.INSTANCE);

        assertThat(publisher.next(Duration.ofSeconds(40))).isInstanceOf(PingResp.class);
        assertThat(stats().losses().drops().get(DropCause.NOT_WRITABLE)).isPositive();
        served();
        assertMemoryBelow(64);
    }

    @Test
    void clientThatAsksAndNeverReads_isNotReadEither() {
        byte[] questions = new byte[2 * 100_000];
        for (int i = 0; i < questions.length; i += 2) {
            questions[i] = (byte) 0xC0; // PINGREQ
        }
        List<Socket> deaf = open(20, Packets.bytes(ProtocolVersion.MQTT_5_0, connect("")));
        deaf.forEach(
                socket ->
                        CompletableFuture.runAsync(
                                () -> {
                                    try {
                                        for (int i = 0; i < 50; i++) {
                                            socket.getOutputStream().write(questions);
                                        }
                                    } catch (IOException closed) {
                                        // The end of the test.
                                    }
                                },
                                task -> {
                                    Thread thread = new Thread(task);
                                    thread.setDaemon(true);
                                    thread.start();
                                }));

        for (int i = 0; i < 5; i++) {
            served();
        }
        assertMemoryBelow(64);
    }

    @Test
    void malformedPackets_endTheirConnection_andNoOther() {
        RawClient beside = subscribed("beside", "t", Qos.AT_MOST_ONCE);
        // QoS 3, DUP with QoS 0, identifier 0, wildcard topic, no topic, reserved flags, unknown
        // property, property twice, alias 0, five bytes of Remaining Length, type 0
        for (String packet :
                List.of(
                        "36 06 00 01 61 00 01 00",
                        "38 04 00 01 61 00",
                        "32 06 00 01 61 00 00 00",
                        "30 04 00 01 23 00",
                        "30 03 00 00 00",
                        "80 07 00 01 00 00 01 61 00",
                        "30 06 00 01 61 02 7f 00",
                        "30 08 00 01 61 04 01 00 01 00",
                        "30 07 00 01 61 03 23 00 00",
                        "30 80 80 80 80 01",
                        "00 00")) {
            RawClient client = connected("attacker").send(hex(packet));
            Packet last = client.expect(Disconnect.class);
            assertThat(last).isNotNull();
            client.expectClosed();
        }

        connected("p").send(publish("t", "x", Qos.AT_MOST_ONCE, 0));
        beside.expect(Publish.class);
        served();
        assertThat(
                        refusals(Rejection.Cause.MALFORMED_PACKET)
                                + refusals(Rejection.Cause.PROTOCOL_ERROR)
                                + refusals(Rejection.Cause.TOPIC_ALIAS))
                .isEqualTo(11);
    }
}
