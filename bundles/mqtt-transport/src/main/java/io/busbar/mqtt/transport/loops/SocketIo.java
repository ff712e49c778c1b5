package io.busbar.mqtt.transport.loops;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How sockets are accessed: with Linux's epoll or io_uring, or with the JDK's nio, which is always
 * available.
 *
 * @param serverDomainChannel for Unix domain sockets; null where they are not supported
 * @param readsWhenReady whether a buffer is needed only when there is something to read. If so, all
 *     connections of a loop can share one buffer. With io_uring, the buffer must be supplied
 *     beforehand
 */
public record SocketIo(
        String name,
        IoHandlerFactory handlers,
        Class<? extends ServerSocketChannel> serverChannel,
        @Nullable Class<? extends ServerChannel> serverDomainChannel,
        boolean readsWhenReady) {
    private static final Logger LOG = LoggerFactory.getLogger(SocketIo.class);

    /**
     * So many sockets are served in one turn, then what else waits for the loop, then those that
     * follow: thousands that say something at once, or close, are not one turn. Otherwise Netty
     * takes 4,096.
     */
    private static final int SOCKETS = 256;

    private static final String URING = "io.netty.channel.uring.";

    /**
     * The one that a configuration names, or the best that is there instead.
     *
     * @throws IllegalArgumentException if it names none
     */
    public static SocketIo of(String configured) {
        return switch (configured) {
            case "auto" -> Epoll.isAvailable() ? epoll() : nio();
            case "nio" -> nio();
            case "epoll" -> {
                if (Epoll.isAvailable()) {
                    yield epoll();
                }
                yield instead(configured, nio(), Epoll.unavailabilityCause());
            }
            case "io_uring" -> {
                try {
                    yield uring();
                } catch (ReflectiveOperationException | LinkageError e) {
                    yield instead(configured, of("auto"), e);
                }
            }
            default ->
                    throw new IllegalArgumentException(
                            "io.busbar.mqtt.loops: io = "
                                    + configured
                                    + " (expected: auto, epoll, io_uring or nio)");
        };
    }

    private static SocketIo instead(String configured, SocketIo serves, Throwable cause) {
        LOG.warn(
                "{} is not available, {} serves instead: {}",
                configured,
                serves.name,
                String.valueOf(cause));
        return serves;
    }

    private static SocketIo nio() {
        return new SocketIo(
                "nio", NioIoHandler.newFactory(), NioServerSocketChannel.class, null, true);
    }

    private static SocketIo epoll() {
        return new SocketIo(
                "epoll",
                EpollIoHandler.newFactory(SOCKETS, DefaultSelectStrategyFactory.INSTANCE),
                EpollServerSocketChannel.class,
                EpollServerDomainSocketChannel.class,
                true);
    }

    /** By name, because its bundle is not part of every installation. */
    private static SocketIo uring() throws ReflectiveOperationException {
        Class<?> uring = Class.forName(URING + "IoUring");
        uring.getMethod("ensureAvailability").invoke(null);
        return new SocketIo(
                "io_uring",
                (IoHandlerFactory)
                        Class.forName(URING + "IoUringIoHandler")
                                .getMethod("newFactory")
                                .invoke(null),
                Class.forName(URING + "IoUringServerSocketChannel")
                        .asSubclass(ServerSocketChannel.class),
                null,
                false);
    }
}
