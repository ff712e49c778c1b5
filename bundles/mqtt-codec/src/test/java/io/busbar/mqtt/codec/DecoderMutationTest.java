package io.busbar.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever bytes come, the decoder gives packets, asks for more or throws its own exception. */
class DecoderMutationTest {
    private static final long SEED = 20_261_124L;
    private static final int ROUNDS = 200_000;

    @Test
    void decode_mutatedVectors_throwsOnlyItsOwnException() {
        Random random = new Random(SEED);
        List<Vector> vectors = Vector.all();
        int packets = 0;
        int refusals = 0;

        for (int round = 0; round < ROUNDS; round++) {
            Vector vector = vectors.get(random.nextInt(vectors.size()));
            byte[] bytes = mutate(vector.bytes(), random);
            PacketDecoder decoder = VectorsTest.decoder(vector);
            ByteBuf in = Unpooled.wrappedBuffer(bytes);
            try {
                for (Packet packet; (packet = decoder.decode(in)) != null; ) {
                    packets++;
                    encodesToTheSame(packet, vector);
                }
            } catch (MalformedPacketException e) {
                assertThat(e.reasonCode().isError()).isTrue();
                refusals++;
            } catch (RuntimeException e) {
                throw new AssertionError("round " + round + ": " + Arrays.toString(bytes), e);
            }
            assertThat(in.readerIndex()).isLessThanOrEqualTo(bytes.length);
        }

        assertThat(packets).isGreaterThan(ROUNDS / 100);
        assertThat(refusals).isGreaterThan(ROUNDS / 10);
    }

    /** What the decoder lets in, the encoder can send on. */
    private static void encodesToTheSame(Packet packet, Vector vector) {
        ByteBuf out = Unpooled.buffer();
        PacketEncoder encoder =
                PacketEncoder.of(
                        packet instanceof Connect connect
                                ? connect.version()
                                : vector.protocolVersion());
        if (encoder.encode(packet, out) && !(packet instanceof Connect)) {
            assertThat(PacketText.of(VectorsTest.decoder(after(vector)).decode(out)))
                    .isEqualTo(PacketText.of(packet));
        }
    }

    private static Vector after(Vector v) {
        return new Vector(
                v.name(),
                v.statements(),
                v.version(),
                v.from(),
                v.hex(),
                "CONNECT",
                v.packet(),
                v.reason(),
                v.canonical());
    }

    private static byte[] mutate(byte[] original, Random random) {
        byte[] bytes = original.clone();
        for (int n = random.nextInt(3); n >= 0; n--) {
            if (bytes.length == 0) {
                return bytes;
            }
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> {
                    bytes = Arrays.copyOf(bytes, bytes.length + 1);
                    System.arraycopy(bytes, at, bytes, at + 1, bytes.length - at - 1);
                    // Lengths follow, so that the change is seen behind the fixed header.
                    if (at > 1 && bytes[1] < 0x7F && bytes[1] >= 0) {
                        bytes[1]++;
                    }
                }
                default -> bytes[at] = (byte) (random.nextBoolean() ? 0xFF : 0x80);
            }
        }
        return bytes;
    }
}
