package io.busbar.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketType;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.Publish;
import io.busbar.testkit.client.Packets;
import io.busbar.testkit.client.RawClient;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every vector is sent to one listener, right or wrong, and answered as the specification says;
 * after all of them the server still serves.
 */
class VectorsTest extends Conformance {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** Answers are compared byte by byte: what they say in words is the server's own affair. */
    private static final ConnectProperties WITHOUT_REASONS =
            new ConnectProperties(
                    0, 65_535, Packet.MAXIMUM_SIZE_BYTES, 0, false, false, List.of(), null, null);

    @TestFactory
    @Spec({"MQTT5 4.13", "MQTT5-4.13.1-1", "MQTT5-4.13.2-1", "MQTT311-4.8.0-1"})
    Stream<DynamicTest> vector_sentToAListener_isAnswered() {
        return Stream.concat(
                Dialogue.all()
                        .map(
                                named ->
                                        DynamicTest.dynamicTest(
                                                named.toString(),
                                                () -> hold(named.type(), named.dialogue()))),
                Stream.of(DynamicTest.dynamicTest("after all of them", this::serves)));
    }

    private void serves() {
        for (ProtocolVersion version : new ProtocolVersion[] {V311, V5}) {
            RawClient client = connected(version, "after");
            subscribed(client, topic("after"), Qos.AT_LEAST_ONCE);
            client.send(message(topic("after"), "on", Qos.AT_MOST_ONCE, 0));
            assertThat(text(take(client))).isEqualTo("on");
            client.close();
        }
    }

    private void hold(PacketType type, Dialogue dialogue) {
        ProtocolVersion version = dialogue.protocolVersion();
        try (RawClient client = server.open(version)) {
            if (dialogue.afterConnect()) {
                client.send(connect(version, "v", true, 0, null, WITHOUT_REASONS));
                assertThat(client.expect(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
            }
            hex(client, dialogue.hex());
            ReasonCode reason = dialogue.live() != null ? dialogue.live() : dialogue.reason();
            if (dialogue.fromServer()) {
                // What only a server may send is an error of a client, whatever it says.
                ended(client, dialogue, null);
            } else if (reason != null) {
                ended(client, dialogue, reason);
            } else {
                goesOn(client, type, dialogue);
            }
        }
        if (type == PacketType.CONNECT) {
            server.awaitNobody(); // the next may be of another user
        }
    }

    /** The connection ends; clients of version 5.0 are told why. */
    private static void ended(RawClient client, Dialogue dialogue, @Nullable ReasonCode reason) {
        Packet last = client.next(DEADLINE);
        if (last != null && reason != null) {
            ReasonCode told =
                    last instanceof ConnAck answer
                            ? answer.reasonCode()
                            : ((Disconnect) last).reasonCode();
            assertThat(told).isEqualTo(reason);
        }
        if (dialogue.protocolVersion() == V5 && dialogue.afterConnect()) {
            assertThat(last).isInstanceOf(Disconnect.class);
        }
        client.expectClosed();
    }

    /** The packets come back that are said, and a ping shows that nothing else does. */
    private static void goesOn(RawClient client, PacketType type, Dialogue dialogue) {
        if (type == PacketType.DISCONNECT) {
            assertThat(client.next(DEADLINE)).isNull();
            client.expectClosed();
            return;
        }
        String answer = dialogue.answer();
        if (answer != null) {
            StringBuilder got = new StringBuilder();
            String expected = answer.replace(" ", "");
            while (got.length() < expected.length()) {
                Packet packet = client.next(DEADLINE);
                assertThat(packet).as("answer after %s", got).isNotNull();
                got.append(written(packet, dialogue.protocolVersion()));
            }
            assertThat(got.toString()).isEqualTo(expected);
        } else {
            usual(client, type, dialogue);
        }
        client.send(PingReq.INSTANCE);
        Packet next = client.next(DEADLINE);
        while (type == PacketType.SUBSCRIBE && next instanceof Publish) {
            next = client.next(DEADLINE); // retained by a vector before
        }
        assertThat(next).isInstanceOf(PingResp.class);
    }

    private static void usual(RawClient client, PacketType type, Dialogue dialogue) {
        PacketType answer =
                switch (type) {
                    case CONNECT -> PacketType.CONNACK;
                    case SUBSCRIBE -> PacketType.SUBACK;
                    case UNSUBSCRIBE -> PacketType.UNSUBACK;
                    case PINGREQ -> PacketType.PINGRESP;
                    case PUBREC -> PacketType.PUBREL;
                    case PUBREL -> PacketType.PUBCOMP;
                    case PUBLISH -> {
                        int qos = Integer.parseInt(dialogue.hex().substring(1, 2), 16) >> 1 & 3;
                        yield qos == 0 ? null : qos == 1 ? PacketType.PUBACK : PacketType.PUBREC;
                    }
                    default -> null;
                };
        if (answer != null) {
            Packet packet = client.next(DEADLINE);
            assertThat(packet).isNotNull();
            assertThat(packet.type()).isEqualTo(answer);
            if (packet instanceof ConnAck connAck) {
                assertThat(connAck.reasonCode()).isEqualTo(ReasonCode.SUCCESS);
            }
        }
    }

    private static String written(Packet packet, ProtocolVersion version) {
        return HexFormat.of().formatHex(Packets.bytes(version, packet));
    }
}
