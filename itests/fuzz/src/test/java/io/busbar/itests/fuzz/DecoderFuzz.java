package io.busbar.itests.fuzz;

import com.sun.management.ThreadMXBean;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.DecoderLimits;
import io.busbar.mqtt.codec.MalformedPacketException;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketDecoder;
import io.busbar.mqtt.codec.PacketEncoder;
import io.busbar.mqtt.codec.TopicNameCache;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The decoder. The first byte of an input says who is talking and how the rest is cut in pieces:
 *
 * <pre>
 * | version 2 bits | 1 = a server talks | 1 = CONNECT has come | size of pieces - 1, 4 bits |
 * </pre>
 */
public final class DecoderFuzz {
    static final int SERVER = 0x20;
    static final int CONNECTED = 0x10;
    private static final int VERSION_SHIFT = 6;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What a packet may cost whatever it is, and for each of its bytes: generous, but a bound. */
    private static final long BASE_BYTES = 4L << 20;

    private static final long BYTES_PER_BYTE = 4_096;

    private DecoderFuzz() {}

    /** The entry of the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        int mode = input[0];
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);

        long bound = BASE_BYTES + BYTES_PER_BYTE * bytes.length;
        if (cost(mode, bytes) > bound) {
            // The first time may have loaded classes.
            long again = cost(mode, bytes);
            if (again > bound) {
                throw new AssertionError(again + " bytes allocated for " + bytes.length);
            }
        }
        Outcome whole = decode(mode, bytes, bytes.length);
        Outcome pieces = decode(mode, bytes, 1 + (mode & 0x0F));
        if (!Same.records(whole.packets, pieces.packets)
                || !Objects.equals(whole.refusal, pieces.refusal)) {
            throw new AssertionError("in one piece " + whole + ", in pieces " + pieces);
        }
        whole.packets.forEach(packet -> encodedIsTheSame(mode, packet));
    }

    private static long cost(int mode, byte[] bytes) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        decode(mode, bytes, bytes.length);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static Outcome decode(int mode, byte[] bytes, int size) {
        PacketDecoder decoder = decoder(mode);
        List<Packet> packets = new ArrayList<>();
        ByteBuf in = Unpooled.buffer();
        try {
            for (int at = 0; at < bytes.length; at += size) {
                in.writeBytes(bytes, at, Math.min(size, bytes.length - at));
                for (Packet packet; (packet = decoder.decode(in)) != null; ) {
                    packets.add(packet);
                }
            }
            return new Outcome(packets, null);
        } catch (MalformedPacketException e) {
            if (!e.reasonCode().isError()) {
                throw new AssertionError("refused with " + e.reasonCode());
            }
            return new Outcome(packets, e.reasonCode() + ": " + e.reason());
        }
    }

    private static ProtocolVersion version(int mode) {
        return switch (mode >> VERSION_SHIFT & 3) {
            case 0 -> ProtocolVersion.MQTT_3_1;
            case 1 -> ProtocolVersion.MQTT_3_1_1;
            default -> ProtocolVersion.MQTT_5_0;
        };
    }

    static int mode(ProtocolVersion version, boolean server, boolean connected, int pieces) {
        int number =
                switch (version) {
                    case MQTT_3_1 -> 0;
                    case MQTT_3_1_1 -> 1;
                    case MQTT_5_0 -> 2;
                };
        return number << VERSION_SHIFT
                | (server ? SERVER : 0)
                | (connected ? CONNECTED : 0)
                | pieces & 0x0F;
    }

    private static PacketDecoder decoder(int mode) {
        TopicNameCache topics = new TopicNameCache(64);
        if ((mode & SERVER) != 0) {
            return PacketDecoder.ofClient(version(mode), DecoderLimits.DEFAULT, topics);
        }
        PacketDecoder decoder = PacketDecoder.ofServer(DecoderLimits.DEFAULT, topics);
        if ((mode & CONNECTED) != 0) {
            ByteBuf connect = Unpooled.buffer();
            PacketEncoder.of(version(mode)).encode(connect(version(mode)), connect);
            decoder.decode(connect);
        }
        return decoder;
    }

    private static Connect connect(ProtocolVersion version) {
        return new Connect(version, true, 0, "c", null, null, null, ConnectProperties.NONE);
    }

    /** What was let in can be sent on, and is read as what it was. */
    private static void encodedIsTheSame(int mode, Packet packet) {
        boolean isConnect = packet instanceof Connect;
        ProtocolVersion version =
                packet instanceof Connect connect ? connect.version() : version(mode);
        int same = mode(version, (mode & SERVER) != 0, !isConnect, 0);
        ByteBuf out = Unpooled.buffer();
        if (!isConnect && (mode & (SERVER | CONNECTED)) == 0) {
            // Its version was in a CONNECT among the input.
            return;
        }
        if (PacketEncoder.of(version).encode(packet, out)) {
            Packet again = decoder(same).decode(out);
            if (!Same.records(packet, again)) {
                throw new AssertionError(packet + " became " + again);
            }
        }
    }

    private record Outcome(List<Packet> packets, @Nullable String refusal) {}
}
