package io.busbar.mqtt.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Frames of RFC 6455 to bytes and back. Payloads pass through as they come, unmasked in place: no
 * frame is ever gathered, so a frame's declared length costs nothing, and the limits are those of
 * MQTT's decoder. Incoming frames and packets know nothing of each other: a packet may span frames,
 * a frame may hold many packets [MQTT5-6.0.0-2] [MQTT311-6.0.0-2]. Binary frames only
 * [MQTT5-6.0.0-1] [MQTT311-6.0.0-1]. Outgoing packets have a frame each, see {@link PacketFrames}.
 *
 * <pre>
 * | FIN, 3 reserved, opcode | MASK, length 7 | length 16 if 126, 64 if 127 | masking key 32 | payload… |
 * </pre>
 */
public final class WebSocketFrames extends ChannelDuplexHandler {
    /** The user event that says that the handshake is done. */
    public static final Object OPEN = new Object();

    private static final int NORMAL = 1000;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int UNACCEPTABLE_DATA = 1003;

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int RESERVED = 0x70;
    private static final int MAX_CONTROL = 125;
    private static final int KEY_SIZE = 4;
    private static final int CLOSE_MILLIS = 2_000;

    private final byte[] header = new byte[2 + 8 + KEY_SIZE];
    private int headerSize;
    private final byte[] control = new byte[MAX_CONTROL];
    private int controlSize;

    /** Of the frame whose payload is being read. */
    private int opcode;

    private long remaining;
    private int key;
    private boolean inFrame;

    /** Whether continuation frames are to follow. */
    private boolean fragmented;

    private boolean closeSent;

    private final PacketFrames packets = new PacketFrames();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (!(message instanceof ByteBuf in)) {
            super.channelRead(ctx, message);
            return;
        }
        try {
            while (!closeSent && in.isReadable()) {
                if (!inFrame) {
                    readHeader(ctx, in);
                } else {
                    readPayload(ctx, in);
                }
            }
        } finally {
            in.release();
        }
    }

    private void readHeader(ChannelHandlerContext ctx, ByteBuf in) {
        header[headerSize++] = in.readByte();
        if (headerSize < 2) {
            return;
        }
        int shortLength = header[1] & 0x7F;
        int lengthSize = shortLength == 127 ? 8 : shortLength == 126 ? 2 : 0;
        if (headerSize == 2) {
            check(ctx, shortLength);
        }
        if (headerSize < 2 + lengthSize + KEY_SIZE || closeSent) {
            return;
        }
        remaining = lengthSize == 0 ? shortLength : 0;
        for (int i = 2; i < 2 + lengthSize; i++) {
            remaining = remaining << 8 | header[i] & 0xFF;
        }
        if (remaining < 0) {
            end(ctx, PROTOCOL_ERROR, "length of 64 bits");
            return;
        }
        key = 0;
        for (int i = 2 + lengthSize; i < headerSize; i++) {
            key = key << 8 | header[i] & 0xFF;
        }
        headerSize = 0;
        controlSize = 0;
        inFrame = true;
        if (remaining == 0) {
            endOfFrame(ctx);
        }
    }

    /** What the first two bytes show. */
    private void check(ChannelHandlerContext ctx, int shortLength) {
        boolean fin = (header[0] & FIN) != 0;
        opcode = header[0] & 0x0F;
        if ((header[0] & RESERVED) != 0 || (header[1] & MASKED) == 0) {
            end(ctx, PROTOCOL_ERROR, "reserved bits or no mask");
            return;
        }
        switch (opcode) {
            case CONTINUATION, BINARY -> {
                if (fragmented != (opcode == CONTINUATION)) {
                    end(ctx, PROTOCOL_ERROR, "continuation");
                }
                fragmented = !fin;
            }
            case TEXT -> end(ctx, UNACCEPTABLE_DATA, "MQTT needs binary frames");
            case CLOSE, PING, PONG -> {
                if (!fin || shortLength > MAX_CONTROL) {
                    end(ctx, PROTOCOL_ERROR, "control frame");
                }
            }
            default -> end(ctx, PROTOCOL_ERROR, "opcode");
        }
    }

    private void readPayload(ChannelHandlerContext ctx, ByteBuf in) throws Exception {
        int size = (int) Math.min(remaining, in.readableBytes());
        unmask(in, in.readerIndex(), size);
        remaining -= size;
        if (opcode >= CLOSE) {
            in.readBytes(control, controlSize, size);
            controlSize += size;
        } else {
            super.channelRead(ctx, in.readRetainedSlice(size));
        }
        if (remaining == 0 && !closeSent) {
            endOfFrame(ctx);
        }
    }

    /** Takes the mask off, in place, and turns the key to where the next part goes on. */
    private void unmask(ByteBuf in, int index, int size) {
        long wide = (long) key << 32 | key & 0xFFFF_FFFFL;
        int i = index;
        int end = index + size;
        for (; i + 8 <= end; i += 8) {
            in.setLong(i, in.getLong(i) ^ wide);
        }
        for (int shift = 24; i < end; i++, shift -= 8) {
            in.setByte(i, in.getByte(i) ^ key >>> (shift & 31));
        }
        key = Integer.rotateLeft(key, (size & 3) * 8);
    }

    private void endOfFrame(ChannelHandlerContext ctx) {
        inFrame = false;
        if (opcode == PING) {
            // Who does not read pongs gets none.
            if (ctx.channel().isWritable()) {
                ctx.writeAndFlush(controlFrame(ctx, PONG, control, controlSize), ctx.voidPromise());
            }
        } else if (opcode == CLOSE) {
            int code = controlSize < 2 ? NORMAL : (control[0] & 0xFF) << 8 | control[1] & 0xFF;
            end(ctx, code, "");
        }
    }

    private static ByteBuf controlFrame(
            ChannelHandlerContext ctx, int opcode, byte[] payload, int size) {
        return ctx.alloc()
                .directBuffer(2 + size)
                .writeByte(FIN | opcode)
                .writeByte(size)
                .writeBytes(payload, 0, size);
    }

    /** Says why, then closes. */
    private void end(ChannelHandlerContext ctx, int code, String reason) {
        if (!closeSent) {
            sendClose(ctx, code, reason, ctx.newPromise());
        }
    }

    private void sendClose(
            ChannelHandlerContext ctx, int code, String reason, ChannelPromise closed) {
        closeSent = true;
        byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
        byte[] payload = new byte[2 + text.length];
        payload[0] = (byte) (code >>> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, text.length);
        ctx.writeAndFlush(controlFrame(ctx, CLOSE, payload, payload.length))
                .addListener(written -> ctx.close(closed));
        // Who does not even read that is not waited for.
        Future<?> timer =
                ctx.executor()
                        .schedule(
                                () -> ctx.close(ctx.newPromise()),
                                CLOSE_MILLIS,
                                TimeUnit.MILLISECONDS);
        // A timer that is left behind keeps the closed channel in memory.
        ctx.channel().closeFuture().addListener(gone -> timer.cancel(false));
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise)
            throws Exception {
        if (!(message instanceof ByteBuf payload) || !payload.isReadable()) {
            // An empty buffer only asks to be told when all before it is written.
            super.write(ctx, message, promise);
        } else if (closeSent) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
        } else {
            ctx.write(packets.frame(ctx.alloc(), payload), promise);
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (closeSent || !ctx.channel().isActive()) {
            ctx.close(promise);
        } else {
            sendClose(ctx, NORMAL, "", promise);
        }
    }
}
