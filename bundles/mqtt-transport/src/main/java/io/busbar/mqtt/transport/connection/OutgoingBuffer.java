package io.busbar.mqtt.transport.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes for one client, until the socket takes them. Packets are gathered in one buffer. It goes to
 * the socket's queue when it is full, and when the loop's turn ends. Confined to the loop.
 */
final class OutgoingBuffer {
    /**
     * The buffer starts with the size that the last one had, within these bounds; a fuller one goes
     * to the socket's queue.
     */
    private static final int MIN_CHUNK = 256;

    private static final int MAX_CHUNK = 32 << 10;

    /** So much is handed to the socket before the turn ends. */
    private static final int EARLY_FLUSH = 128 << 10;

    private final Channel channel;
    private final IntConsumer sent;

    private @Nullable ByteBuf buffer;
    private int chunkSize = MIN_CHUNK;
    private int unflushed;

    /**
     * Makes one.
     *
     * @param sent is told how many bytes go to the socket's queue
     */
    OutgoingBuffer(Channel channel, IntConsumer sent) {
        this.channel = channel;
        this.sent = sent;
    }

    /** Where to write so many bytes; a buffer without the room goes to the socket's queue first. */
    ByteBuf room(int size) {
        ByteBuf current = buffer;
        if (current != null) {
            if (current.writableBytes() >= size && current.readableBytes() < MAX_CHUNK) {
                return current;
            }
            pass();
            chunkSize = Math.min(MAX_CHUNK, chunkSize * 4);
        }
        current = channel.alloc().directBuffer(Math.max(size, chunkSize));
        buffer = current;
        return current;
    }

    /**
     * Sends a buffer as it is, behind what was gathered; owns it.
     *
     * @param promise is kept when the socket has taken it, or never will
     */
    void append(ByteBuf whole, ChannelPromise promise) {
        pass();
        write(whole, promise);
    }

    /** Hands what was gathered to the socket's queue. */
    void pass() {
        ByteBuf current = buffer;
        if (current == null) {
            return;
        }
        buffer = null;
        if (current.isReadable()) {
            write(current, channel.voidPromise());
        } else {
            current.release();
        }
    }

    private void write(ByteBuf full, ChannelPromise promise) {
        int size = full.readableBytes();
        unflushed += size;
        sent.accept(size);
        channel.write(full, promise);
    }

    /** Does not wait for the end of the turn with very much; returns whether it was that much. */
    boolean flushEarly() {
        if (unflushed < EARLY_FLUSH) {
            return false;
        }
        unflushed = 0;
        channel.flush();
        return true;
    }

    /** The end of the loop's turn. */
    void flush() {
        ByteBuf current = buffer;
        if (current != null) {
            // The next one starts with about the room that this one took.
            int used = current.readableBytes();
            if (used * 4 < chunkSize) {
                chunkSize = Math.max(MIN_CHUNK, chunkSize / 2);
            }
            pass();
        }
        unflushed = 0;
        channel.flush();
    }

    /** Bytes that the socket has not taken yet. */
    long pendingBytes() {
        ByteBuf current = buffer;
        long gathered = current == null ? 0 : current.readableBytes();
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue == null ? gathered : gathered + queue.totalPendingWriteBytes();
    }

    /** The connection is gone. */
    void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
