package io.busbar.itests.fuzz;

import io.busbar.mqtt.transport.websocket.WebSocketFrames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The frames of WebSocket. The first byte of an input is the size of the pieces. */
public final class WebSocketFuzz {
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;

    private static final byte[] KEY = {1, 2, 3, 4};

    private WebSocketFuzz() {}

    /** The entry of the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        Outcome whole = read(bytes, bytes.length);
        Outcome pieces = read(bytes, 1 + (input[0] & 0x0F));
        if (!Arrays.equals(whole.in, pieces.in) || !Arrays.equals(whole.out, pieces.out)) {
            throw new AssertionError("in pieces it is something else");
        }
        if (whole.in.length > bytes.length) {
            throw new AssertionError("more payload than bytes");
        }
    }

    /** A whole masked frame, as a seed. */
    public static byte[] frame(int opcode, byte[] payload) {
        ByteBuf out = Unpooled.buffer();
        out.writeByte(3);
        out.writeByte(0x80 | opcode);
        if (payload.length < 126) {
            out.writeByte(0x80 | payload.length);
        } else {
            out.writeByte(0x80 | 126).writeShort(payload.length);
        }
        out.writeBytes(KEY);
        for (int i = 0; i < payload.length; i++) {
            out.writeByte(payload[i] ^ KEY[i & 3]);
        }
        return ByteBufUtil.getBytes(out);
    }

    private static Outcome read(byte[] bytes, int size) {
        CountedBuffers buffers = new CountedBuffers();
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(buffers);
        channel.pipeline().addLast(new WebSocketFrames());
        for (int at = 0; at < bytes.length && channel.isOpen(); at += size) {
            int length = Math.min(size, bytes.length - at);
            channel.writeInbound(buffers.heapBuffer(length).writeBytes(bytes, at, length));
        }
        Outcome outcome = new Outcome(drain(channel, true), drain(channel, false));
        channel.finish();
        drain(channel, true);
        drain(channel, false);
        if (buffers.inUse() != 0) {
            throw new AssertionError(buffers.inUse() + " buffers are not released");
        }
        return outcome;
    }

    private static byte[] drain(EmbeddedChannel channel, boolean inbound) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf part;
                (part = inbound ? channel.readInbound() : channel.readOutbound()) != null; ) {
            all.writeBytes(ByteBufUtil.getBytes(part));
            part.release();
        }
        return all.toByteArray();
    }

    private record Outcome(byte[] in, byte[] out) {}
}
