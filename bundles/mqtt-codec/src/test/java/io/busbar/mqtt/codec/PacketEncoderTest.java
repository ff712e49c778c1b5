package io.busbar.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.UserProperty;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the receiver cannot take, does not want or does not know is left out. */
class PacketEncoderTest {
    private static final ReasonDetails DETAILS =
            new ReasonDetails("because", List.of(new UserProperty("key", "value")));

    private static String sent(PacketEncoder encoder, Packet packet) {
        ByteBuf out = Unpooled.buffer();
        if (!encoder.encode(packet, out)) {
            assertThat(out.isReadable()).isFalse();
            return "nothing";
        }
        assertThat(out.readableBytes()).isLessThanOrEqualTo(encoder.maximumSizeBytes());
        PacketDecoder decoder =
                PacketDecoder.ofClient(
                        encoder.version(), DecoderLimits.DEFAULT, new TopicNameCache(16));
        return PacketText.of(decoder.decode(out));
    }

    private static PacketEncoder v5(int maximumSizeBytes) {
        return new PacketEncoder(ProtocolVersion.MQTT_5_0, maximumSizeBytes, true);
    }

    // [MQTT5-3.4.2-2] [MQTT5-3.4.2-3] [MQTT5-3.5.2-2] [MQTT5-3.1.2-25]
    @Test
    void encode_detailsLargerThanTheReceiverTakes_dropsUserPropertiesThenReasonThenAll() {
        PubAck ack = new PubAck(1, ReasonCode.NOT_AUTHORIZED, DETAILS);

        assertThat(sent(v5(29), ack))
                .isEqualTo("PUBACK id=1 NOT_AUTHORIZED reason=because user[key=value]");
        assertThat(sent(v5(28), ack)).isEqualTo("PUBACK id=1 NOT_AUTHORIZED reason=because");
        assertThat(sent(v5(16), ack)).isEqualTo("PUBACK id=1 NOT_AUTHORIZED reason=because");
        assertThat(sent(v5(15), ack)).isEqualTo("PUBACK id=1 NOT_AUTHORIZED");
        assertThat(sent(v5(4), ack)).isEqualTo("nothing");
    }

    static List<Packet> packetsWithDetails() {
        List<ReasonCode> refused = List.of(ReasonCode.NOT_AUTHORIZED);
        return List.of(
                new ConnAck(
                        false,
                        ReasonCode.NOT_AUTHORIZED,
                        ConnAckProperties.builder()
                                .reasonString("because")
                                .userProperties(DETAILS.userProperties())
                                .build()),
                new PubAck(1, ReasonCode.NOT_AUTHORIZED, DETAILS),
                new PubRec(1, ReasonCode.NOT_AUTHORIZED, DETAILS),
                new PubRel(1, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, DETAILS),
                new PubComp(1, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, DETAILS),
                new SubAck(1, refused, DETAILS),
                new UnsubAck(1, refused, DETAILS),
                new Disconnect(ReasonCode.NOT_AUTHORIZED, MessageProperties.ABSENT, DETAILS, null),
                new Auth(ReasonCode.CONTINUE_AUTHENTICATION, "m", null, DETAILS));
    }

    // [MQTT5-3.2.2-19] [MQTT5-3.2.2-20] [MQTT5-3.4.2-2] [MQTT5-3.4.2-3] [MQTT5-3.5.2-2]
    // [MQTT5-3.5.2-3] [MQTT5-3.6.2-2] [MQTT5-3.6.2-3] [MQTT5-3.7.2-2] [MQTT5-3.7.2-3]
    // [MQTT5-3.9.2-1] [MQTT5-3.9.2-2] [MQTT5-3.11.2-1] [MQTT5-3.11.2-2] [MQTT5-3.14.2-3]
    // [MQTT5-3.14.2-4] [MQTT5-3.15.2-2] [MQTT5-3.15.2-3]
    @ParameterizedTest
    @MethodSource("packetsWithDetails")
    void encode_details_areNeverWhatMakesAPacketTooLarge(Packet packet) {
        int full = sizeOf(packet);
        // reason string: id, length, 7 bytes; user property: id, two lengths, 3 and 5 bytes
        int withoutUser = full - (1 + 2 + 3 + 2 + 5);

        assertThat(sent(v5(full), packet)).contains("reason=because", "user[key=value]");
        assertThat(sent(v5(full - 1), packet)).contains("reason=because").doesNotContain("user[");
        assertThat(sent(v5(withoutUser), packet)).contains("reason=because");
        assertThat(sent(v5(withoutUser - 1), packet))
                .doesNotContain("reason=")
                .doesNotContain("user[")
                .isNotEqualTo("nothing");
    }

    private static int sizeOf(Packet packet) {
        ByteBuf out = Unpooled.buffer();
        assertThat(v5(Packet.MAXIMUM_SIZE_BYTES).encode(packet, out)).isTrue();
        return out.readableBytes();
    }

    // [MQTT5-3.2.2-19] [MQTT5-3.2.2-20]
    @Test
    void encode_connAckLargerThanTheReceiverTakes_keepsWhatTheClientNeeds() {
        ConnAck ack =
                new ConnAck(
                        false,
                        ReasonCode.SUCCESS,
                        ConnAckProperties.builder()
                                .assignedClientId("auto")
                                .reasonString("because")
                                .userProperties(DETAILS.userProperties())
                                .build());

        assertThat(sent(v5(12), ack)).isEqualTo("CONNACK SUCCESS assigned=auto");
        assertThat(sent(v5(11), ack)).isEqualTo("nothing");
    }

    // [MQTT5-3.1.2-29]
    @Test
    void encode_problemInformationNotWanted_onlyConnAckAndDisconnectSayWhy() {
        PacketEncoder encoder =
                new PacketEncoder(ProtocolVersion.MQTT_5_0, Packet.MAXIMUM_SIZE_BYTES, false);

        assertThat(sent(encoder, new PubAck(1, ReasonCode.QUOTA_EXCEEDED, DETAILS)))
                .isEqualTo("PUBACK id=1 QUOTA_EXCEEDED");
        assertThat(sent(encoder, new SubAck(1, List.of(ReasonCode.SUCCESS), DETAILS)))
                .isEqualTo("SUBACK id=1 [SUCCESS]");
        assertThat(sent(encoder, Disconnect.of(ReasonCode.SERVER_BUSY, "later")))
                .isEqualTo("DISCONNECT SERVER_BUSY reason=later");
    }

    // [MQTT311-3.2.2-5] [MQTT311-3.2.2-6]
    @Test
    void encode_connAckForMqtt3_usesItsReturnCodesOrNothing() {
        PacketEncoder encoder = PacketEncoder.of(ProtocolVersion.MQTT_3_1_1);

        for (ReasonCode reason : ReasonCode.values()) {
            String text = sent(encoder, new ConnAck(false, reason, ConnAckProperties.NONE));
            int code = PacketEncoder.connectReturnCode(reason);
            assertThat(code).isBetween(-1, 5);
            assertThat(text.equals("nothing")).isEqualTo(code < 0);
        }
        assertThat(PacketEncoder.connectReturnCode(ReasonCode.MALFORMED_PACKET)).isEqualTo(-1);
        assertThat(PacketEncoder.connectReturnCode(ReasonCode.NOT_AUTHORIZED)).isEqualTo(5);
        assertThat(PacketEncoder.connectReturnCode(ReasonCode.SERVER_UNAVAILABLE)).isEqualTo(3);
    }

    // [MQTT311-3.9.3-2]
    @Test
    void encode_forMqtt3_hasNoReasonsAndNoServerDisconnect() {
        PacketEncoder encoder = PacketEncoder.of(ProtocolVersion.MQTT_3_1_1);

        assertThat(sent(encoder, new SubAck(1, List.of(ReasonCode.NOT_AUTHORIZED), DETAILS)))
                .isEqualTo("SUBACK id=1 [UNSPECIFIED_ERROR]");
        assertThat(sent(encoder, new PubAck(1, ReasonCode.NOT_AUTHORIZED, DETAILS)))
                .isEqualTo("PUBACK id=1 SUCCESS");
        assertThat(sent(encoder, Disconnect.of(ReasonCode.SERVER_SHUTTING_DOWN, null)))
                .isEqualTo("nothing");
        assertThat(sent(encoder, new Auth(ReasonCode.CONTINUE_AUTHENTICATION, "m", null, DETAILS)))
                .isEqualTo("nothing");
    }
}
