package io.busbar.mqtt.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Puts every MQTT Control Packet into a binary frame of its own. A receiver has to take frames with
 * several packets [MQTT5-6.0.0-2] [MQTT311-6.0.0-2], but clients are in use that handle the first
 * packet of a frame at once and the others when something else arrives. Confined to the loop.
 *
 * <p>Small packets come many in one buffer and leave in one buffer, so they cost one allocation and
 * one write as before. The payload of a large packet comes as a buffer of its own, which others may
 * share; it is passed on as it is.
 */
final class PacketFrames {
    private static final int FIN_BINARY = 0x82;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    /** What is still to come of the packet whose frame has begun. */
    private int rest;

    /**
     * Adds the headers of frames.
     *
     * @param bytes whole packets; only of the last one, the payload may be missing, which then is
     *     the next buffer. Owned by this.
     * @return what to write instead
     */
    ByteBuf frame(ByteBufAllocator allocator, ByteBuf bytes) {
        if (rest > 0) {
            rest -= bytes.readableBytes();
            return bytes;
        }
        try {
            ByteBuf framed = allocator.directBuffer(framedSize(bytes));
            while (bytes.isReadable()) {
                int size = packetSize(bytes, bytes.readerIndex());
                int here = Math.min(size, bytes.readableBytes());
                writeHeader(framed, size);
                framed.writeBytes(bytes, here);
                rest = size - here;
            }
            return framed;
        } finally {
            bytes.release();
        }
    }

    private static int framedSize(ByteBuf bytes) {
        int total = bytes.readableBytes();
        int end = bytes.writerIndex();
        for (int at = bytes.readerIndex(); at < end; ) {
            int size = packetSize(bytes, at);
            total += headerSize(size);
            at += Math.min(size, end - at);
        }
        return total;
    }

    /** Of the packet that begins there: its first byte, its Remaining Length, and what follows. */
    private static int packetSize(ByteBuf bytes, int start) {
        int at = start + 1;
        int remaining = 0;
        int shift = 0;
        byte part;
        do {
            part = bytes.getByte(at++);
            remaining |= (part & 0x7F) << shift;
            shift += 7;
        } while (part < 0);
        return at - start + remaining;
    }

    private static int headerSize(int size) {
        return size < LENGTH_16 ? 2 : size <= 0xFFFF ? 4 : 10;
    }

    private static void writeHeader(ByteBuf out, int size) {
        out.writeByte(FIN_BINARY);
        if (size < LENGTH_16) {
            out.writeByte(size);
        } else if (size <= 0xFFFF) {
            out.writeByte(LENGTH_16).writeShort(size);
        } else {
            out.writeByte(LENGTH_64).writeLong(size);
        }
    }
}
