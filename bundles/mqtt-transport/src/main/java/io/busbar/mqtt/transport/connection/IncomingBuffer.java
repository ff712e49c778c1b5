package io.busbar.mqtt.transport.connection;

import io.busbar.mqtt.transport.loops.PartialPackets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that were read from one client and not handed over yet: a packet that is not complete, or
 * what had come when reading stopped. It holds at most the largest packet and one read, and counts
 * among the {@link PartialPackets} of all connections. Confined to the loop.
 */
final class IncomingBuffer {
    private static final int MIN_SIZE = 256;

    /** Up to this size nobody cares how full a buffer is. */
    private static final int SMALL = 4 << 10;

    private final ByteBufAllocator allocator;
    private final PartialPackets partial;

    private @Nullable ByteBuf bytes;

    /** What of it counts among the packets of all connections. */
    private int counted;

    private boolean connected;

    IncomingBuffer(ByteBufAllocator allocator, PartialPackets partial) {
        this.allocator = allocator;
        this.partial = partial;
    }

    boolean isEmpty() {
        return bytes == null;
    }

    /** Copies what was read, because the buffer of reads belongs to the loop; releases it. */
    void add(ByteBuf in) {
        ByteBuf to = bytes;
        try {
            if (to == null) {
                to = allocator.directBuffer(Math.max(in.readableBytes(), MIN_SIZE));
                bytes = to;
            } else if (to.readerIndex() > to.readableBytes()) {
                to.discardReadBytes();
            }
            to.writeBytes(in);
        } finally {
            in.release();
        }
    }

    /** All of it, if there is any; who takes it owns it. */
    @Nullable ByteBuf take() {
        ByteBuf taken = bytes;
        bytes = null;
        return taken;
    }

    /** Takes the rest of what was {@linkplain #take taken}; a buffer mostly empty is not kept. */
    void putBack(ByteBuf rest) {
        if (rest.capacity() <= SMALL || rest.capacity() <= rest.readableBytes() * 4) {
            bytes = rest;
        } else {
            add(rest);
        }
    }

    /** Counts it; false if it grew and all connections together hold too much. */
    boolean count() {
        ByteBuf waiting = bytes;
        int now = waiting == null || waiting.capacity() <= SMALL ? 0 : waiting.capacity();
        int more = now - counted;
        if (more == 0) {
            return true;
        }
        boolean fits = partial.change(connected, counted, more);
        counted = now;
        return fits;
    }

    /** CONNECT has come. */
    void connected() {
        if (!connected) {
            connected = true;
            partial.connected(counted);
        }
    }

    /** Nobody wants it any more. */
    void release() {
        ByteBuf unwanted = take();
        if (unwanted != null) {
            unwanted.release();
        }
        count();
    }
}
