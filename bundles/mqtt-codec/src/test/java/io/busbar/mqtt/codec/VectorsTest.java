package io.busbar.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.busbar.api.mqtt.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every vector is decoded, or refused, as it says; byte by byte as well; and encoded again to the
 * same bytes.
 */
class VectorsTest {
    static List<Vector> all() {
        return Vector.all();
    }

    static List<Vector> packets() {
        return Vector.all().stream().filter(v -> v.packet() != null).toList();
    }

    static PacketDecoder decoder(Vector vector) {
        TopicNameCache topics = new TopicNameCache(64);
        if (!vector.fromClient()) {
            return PacketDecoder.ofClient(vector.protocolVersion(), DecoderLimits.DEFAULT, topics);
        }
        PacketDecoder decoder = PacketDecoder.ofServer(DecoderLimits.DEFAULT, topics);
        if (!vector.after().equals("NOTHING")) {
            connect(decoder, vector.protocolVersion());
        }
        return decoder;
    }

    static void connect(PacketDecoder decoder, ProtocolVersion version) {
        ByteBuf connect = Unpooled.buffer();
        PacketEncoder.of(version)
                .encode(
                        new Connect(
                                version, true, 0, "c", null, null, null, ConnectProperties.NONE),
                        connect);
        assertThat(decoder.decode(connect)).isInstanceOf(Connect.class);
    }

    @ParameterizedTest
    @MethodSource("all")
    void decode_vector_givesItsPacketOrReason(Vector vector) {
        PacketDecoder decoder = decoder(vector);
        ByteBuf in = Unpooled.wrappedBuffer(vector.bytes());

        if (vector.packet() != null) {
            assertThat(PacketText.of(decoder.decode(in))).isEqualTo(vector.packet());
            assertThat(in.isReadable()).isFalse();
        } else {
            MalformedPacketException refusal =
                    catchThrowableOfType(MalformedPacketException.class, () -> decoder.decode(in));
            assertThat(refusal).isNotNull();
            assertThat(refusal.reasonCode()).isEqualTo(vector.reason());
            assertThat(refusal.reason()).isNotBlank();
            assertThat(refusal.getStackTrace()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("packets")
    void decode_vectorByteByByte_waitsForTheLast(Vector vector) {
        PacketDecoder decoder = decoder(vector);
        byte[] bytes = vector.bytes();
        ByteBuf in = Unpooled.buffer();

        for (int i = 0; i < bytes.length - 1; i++) {
            in.writeByte(bytes[i]);
            assertThat(decoder.decode(in)).isNull();
            assertThat(in.readerIndex()).isZero();
        }
        in.writeByte(bytes[bytes.length - 1]);

        assertThat(PacketText.of(decoder.decode(in))).isEqualTo(vector.packet());
    }

    @ParameterizedTest
    @MethodSource("packets")
    void encode_decodedVector_givesTheSamePacketAndSize(Vector vector) {
        Packet packet = decoder(vector).decode(Unpooled.wrappedBuffer(vector.bytes()));
        PacketEncoder encoder = PacketEncoder.of(vector.protocolVersion());
        ByteBuf out = Unpooled.buffer();

        boolean written = encoder.encode(packet, out);

        assertThat(written).isTrue();
        if (vector.isCanonical()) {
            assertThat(out.readableBytes()).isEqualTo(vector.bytes().length);
        } else {
            assertThat(out.readableBytes()).isLessThan(vector.bytes().length + 1);
        }
        assertThat(PacketText.of(decoder(vector).decode(out))).isEqualTo(vector.packet());
        assertThat(out.isReadable()).isFalse();
    }
}
