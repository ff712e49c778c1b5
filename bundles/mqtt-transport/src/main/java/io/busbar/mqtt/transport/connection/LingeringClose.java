package io.busbar.mqtt.transport.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection in such a way that the client can read the last packet. If a socket is closed
 * while input is unread, the kernel sends a reset, and the client may lose that packet. So the
 * output is closed first, and for a moment input is read and dropped.
 */
final class LingeringClose {
    /** How long it may take until what was sent is written. */
    private static final int WRITE_OUT_MILLIS = 2_000;

    /** How long the client then may take to close its side. */
    private static final int LINGER_MILLIS = 500;

    private LingeringClose() {}

    /**
     * Writes out, then closes. Called on the channel's loop.
     *
     * @param halves whether the output can end before the input; TLS and WebSocket have a farewell
     *     of their own
     */
    static void begin(Channel channel, boolean halves) {
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> end(channel, halves));
        closeIn(channel, WRITE_OUT_MILLIS);
    }

    private static void end(Channel channel, boolean halves) {
        if (!channel.isOpen()) {
            return;
        }
        if (halves && channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput().addListener(done -> closeIn(channel, LINGER_MILLIS));
        } else {
            channel.close();
        }
    }

    private static void closeIn(Channel channel, int millis) {
        Future<?> timer =
                channel.eventLoop().schedule(() -> channel.close(), millis, TimeUnit.MILLISECONDS);
        // A timer that is left behind keeps the closed channel in memory.
        channel.closeFuture().addListener(closed -> timer.cancel(false));
    }
}
