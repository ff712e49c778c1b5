package io.busbar.mqtt.transport.connection;

import io.busbar.api.broker.Transport;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
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

    /**
     * How long the Close frame of WebSocket waits behind the last packet, or for the client to
     * close first. Some clients do not look at a packet that arrives together with a Close frame.
     */
    private static final int CLOSE_FRAME_MILLIS = 100;

    private LingeringClose() {}

    /**
     * Writes out, then closes. Called on the channel's loop.
     *
     * @param transport in plain TCP the output can end before the input; TLS and WebSocket have a
     *     farewell of their own
     */
    static void begin(Channel channel, Transport transport) {
        boolean lastWords = transport.isWebSocket() && hasUnsent(channel);
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(
                        done -> {
                            if (lastWords) {
                                closeIn(channel, CLOSE_FRAME_MILLIS);
                            } else {
                                end(channel, transport);
                            }
                        });
        closeIn(channel, WRITE_OUT_MILLIS);
    }

    private static boolean hasUnsent(Channel channel) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue != null && queue.totalPendingWriteBytes() > 0;
    }

    private static void end(Channel channel, Transport transport) {
        if (!channel.isOpen()) {
            return;
        }
        if (transport == Transport.TCP && channel instanceof DuplexChannel duplex) {
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
