package io.busbar.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a single vector does not show: limits, many packets in a buffer, repeated topics. */
class PacketDecoderTest {
    private static ByteBuf encoded(ProtocolVersion version, Packet... packets) {
        ByteBuf out = Unpooled.buffer();
        for (Packet packet : packets) {
            assertThat(PacketEncoder.of(version).encode(packet, out)).isTrue();
        }
        return out;
    }

    private static Connect connect(ProtocolVersion version, String clientId) {
        return new Connect(version, true, 0, clientId, null, null, null, ConnectProperties.NONE);
    }

    private static Publish publish(String topic) {
        return Publish.of(TopicName.of(topic), new byte[] {1}, Qos.AT_MOST_ONCE, false, 0);
    }

    @Test
    void decode_manyPacketsInOneBuffer_givesThemInOrder() {
        PacketDecoder decoder =
                PacketDecoder.ofServer(DecoderLimits.DEFAULT, new TopicNameCache(16));
        ByteBuf in =
                encoded(
                        ProtocolVersion.MQTT_5_0,
                        connect(ProtocolVersion.MQTT_5_0, "c"),
                        publish("a"),
                        PingReq.INSTANCE,
                        Disconnect.NORMAL);

        assertThat(decoder.decode(in)).isInstanceOf(Connect.class);
        assertThat(decoder.version()).isEqualTo(ProtocolVersion.MQTT_5_0);
        assertThat(decoder.decode(in)).isInstanceOf(Publish.class);
        assertThat(decoder.decode(in)).isInstanceOf(PingReq.class);
        assertThat(decoder.decode(in)).isInstanceOf(Disconnect.class);
        assertThat(decoder.decode(in)).isNull();
    }

    @Test
    void decode_topicSeenBefore_isTheSameInstance() {
        PacketDecoder decoder =
                PacketDecoder.ofServer(DecoderLimits.DEFAULT, new TopicNameCache(16));
        String name = "plant/line1/temperature/é";
        ByteBuf in =
                encoded(
                        ProtocolVersion.MQTT_3_1_1,
                        connect(ProtocolVersion.MQTT_3_1_1, "c"),
                        publish(name),
                        publish(name));
        decoder.decode(in);

        Publish first = (Publish) decoder.decode(in);
        Publish second = (Publish) decoder.decode(in);

        assertThat(second.topic()).isSameAs(first.topic());
        assertThat(second.topic().value()).isEqualTo(name);
    }

    @Test
    void decode_moreTopicsThanTheCacheKeeps_givesTheRightOnes() {
        PacketDecoder decoder =
                PacketDecoder.ofServer(DecoderLimits.DEFAULT, new TopicNameCache(4));
        decoder.decode(
                encoded(ProtocolVersion.MQTT_3_1_1, connect(ProtocolVersion.MQTT_3_1_1, "c")));

        for (int i = 0; i < 1_000; i++) {
            String name = "t/" + i % 37;
            Publish publish =
                    (Publish) decoder.decode(encoded(ProtocolVersion.MQTT_3_1_1, publish(name)));
            assertThat(publish.topic().value()).isEqualTo(name);
        }
    }

    @Test
    void decode_connectBeyondItsOwnLimit_isRefusedByItsFirstBytes() {
        PacketDecoder decoder =
                PacketDecoder.ofServer(new DecoderLimits(100, 1_000, 10), new TopicNameCache(16));
        ByteBuf start =
                encoded(
                                ProtocolVersion.MQTT_5_0,
                                connect(ProtocolVersion.MQTT_5_0, "c".repeat(100)))
                        .slice(0, 2);

        MalformedPacketException refusal =
                catchThrowableOfType(MalformedPacketException.class, () -> decoder.decode(start));

        assertThat(refusal.reasonCode()).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
    }

    @Test
    void decode_afterConnect_theLargerLimitHolds() {
        PacketDecoder decoder =
                PacketDecoder.ofServer(new DecoderLimits(100, 1_000, 10), new TopicNameCache(16));
        decoder.decode(
                encoded(ProtocolVersion.MQTT_3_1_1, connect(ProtocolVersion.MQTT_3_1_1, "c")));

        assertThat(decoder.decode(encoded(ProtocolVersion.MQTT_3_1_1, publish("a".repeat(900)))))
                .isInstanceOf(Publish.class);
        MalformedPacketException refusal =
                catchThrowableOfType(
                        MalformedPacketException.class,
                        () ->
                                decoder.decode(
                                        encoded(
                                                ProtocolVersion.MQTT_3_1_1,
                                                publish("a".repeat(1_000)))));
        assertThat(refusal.reasonCode()).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
    }

    @Test
    void decode_moreTopicFiltersThanAllowed_isRefused() {
        PacketDecoder decoder =
                PacketDecoder.ofServer(
                        new DecoderLimits(100, 1_000, 10, 3), new TopicNameCache(16));
        VectorsTest.connect(decoder, ProtocolVersion.MQTT_5_0);
        List<TopicFilter> three =
                List.of(TopicFilter.of("a"), TopicFilter.of("b"), TopicFilter.of("c"));
        List<TopicFilter> four = new ArrayList<>(three);
        four.add(TopicFilter.of("d"));

        assertThat(
                        decoder.decode(
                                encoded(
                                        ProtocolVersion.MQTT_5_0,
                                        new Unsubscribe(1, List.of(), three))))
                .isInstanceOf(Unsubscribe.class);
        MalformedPacketException refusal =
                catchThrowableOfType(
                        MalformedPacketException.class,
                        () ->
                                decoder.decode(
                                        encoded(
                                                ProtocolVersion.MQTT_5_0,
                                                new Unsubscribe(1, List.of(), four))));
        assertThat(refusal.reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
    }

    @Test
    void version_restOfConnectIsWrong_isKnownForTheAnswer() {
        PacketDecoder decoder =
                PacketDecoder.ofServer(DecoderLimits.DEFAULT, new TopicNameCache(16));
        ByteBuf in = encoded(ProtocolVersion.MQTT_5_0, connect(ProtocolVersion.MQTT_5_0, "c"));
        in.setByte(9, 3);

        MalformedPacketException refusal =
                catchThrowableOfType(MalformedPacketException.class, () -> decoder.decode(in));

        assertThat(refusal.reasonCode()).isEqualTo(ReasonCode.MALFORMED_PACKET);
        assertThat(decoder.version()).isEqualTo(ProtocolVersion.MQTT_5_0);
    }
}
