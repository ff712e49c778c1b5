package io.busbar.mqtt.transport.loops;

import io.busbar.api.config.Restart;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.mqtt.transport.admission.Places;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that serve the connections of all listeners. A separate component, so that starting
 * or stopping a listener does not affect others. A change of its configuration restarts all
 * listeners.
 */
@Component(service = EventLoops.class, configurationPid = "io.busbar.mqtt.loops")
@Designate(ocd = EventLoops.Config.class)
public final class EventLoops {
    /** The configuration of the event loops. */
    @ObjectClassDefinition(
            name = "MQTT event loops",
            description = "The threads that serve all MQTT connections.")
    public @interface Config {
        @AttributeDefinition(
                description = "Number of threads; 0 takes one for each processor",
                min = "0")
        int threads() default 0;

        @AttributeDefinition(
                description =
                        "How sockets are served: auto (epoll where it is there, else nio), epoll,"
                                + " io_uring (needs its Netty bundle and its native one) or nio",
                options = {@Option("auto"), @Option("epoll"), @Option("io_uring"), @Option("nio")})
        String io() default "auto";

        @AttributeDefinition(
                description =
                        "Most connections of all listeners together; MQTT 5 clients beyond are told"
                                + " 0x97; 0 is no limit",
                min = "0")
        int max_connections() default 100_000;

        @AttributeDefinition(
                description =
                        "Bytes that all connections together may hold of packets that have not"
                                + " arrived completely; a connection that needs more is closed,"
                                + " MQTT 5 clients are told 0x97",
                min = "1048576")
        long max_partial_bytes() default 67_108_864L;
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);
    private static final int STOP_SECONDS = 2;

    /** So long a loop runs tasks before it serves its sockets again; Netty's default is 1 s. */
    private static final long TASKS_MILLIS = 2;

    private static final class Group extends MultiThreadIoEventLoopGroup {
        Group(int threads, IoHandlerFactory handlers) {
            super(
                    threads,
                    new DefaultThreadFactory("mqtt-loop", true, Thread.MAX_PRIORITY),
                    handlers);
        }

        @Override
        protected IoEventLoop newChild(
                Executor executor, IoHandlerFactory handlers, Object... arguments) {
            return new SingleThreadIoEventLoop(
                    this,
                    executor,
                    handlers,
                    Integer.MAX_VALUE,
                    RejectedExecutionHandlers.reject(),
                    TASKS_MILLIS);
        }
    }

    private final EventLoopGroup group;
    private final SocketIo io;
    private final Map<EventLoop, NettyLoop> loops = new IdentityHashMap<>();
    private final ReceiveBuffers receiveBuffers = new ReceiveBuffers();
    private final MemoryAccount connections;
    private final MemoryAccount incomplete;
    private final MemoryAccount arriving;
    private final MemoryAccount names;
    private final PartialPackets partialPackets;
    private final List<Object> values;
    private final Places places;

    /**
     * Starts the threads.
     *
     * @throws IllegalArgumentException if the configuration is wrong; the message says what to
     *     change
     */
    @Activate
    public EventLoops(@Reference MemoryBudget memory, Config config) {
        values = values(config);
        if (config.threads() < 0) {
            throw new IllegalArgumentException(
                    "io.busbar.mqtt.loops: threads = "
                            + config.threads()
                            + " (expected: 0 or more)");
        }
        if (config.max_partial_bytes() < 1 << 20) {
            throw new IllegalArgumentException(
                    "io.busbar.mqtt.loops: max.partial.bytes = "
                            + config.max_partial_bytes()
                            + " (expected: 1048576 or more)");
        }
        if (config.max_connections() < 0) {
            throw new IllegalArgumentException(
                    "io.busbar.mqtt.loops: max.connections = "
                            + config.max_connections()
                            + " (expected: 0 or more)");
        }
        places = new Places(config.max_connections());
        connections = memory.open(MemoryArea.HEAP, "connections", 60, null);
        incomplete = memory.open(MemoryArea.DIRECT, "incomplete packets", 60, null);
        arriving = memory.open(MemoryArea.DIRECT, "incomplete packets before login", 15, null);
        names = memory.open(MemoryArea.HEAP, "topic names that are remembered", 15, null);
        partialPackets = new PartialPackets(config.max_partial_bytes(), arriving, incomplete);
        io = SocketIo.of(config.io());
        int threads =
                config.threads() > 0
                        ? config.threads()
                        : Runtime.getRuntime().availableProcessors();
        group = new Group(threads, io.handlers());
        for (EventExecutor executor : group) {
            SingleThreadEventLoop loop = (SingleThreadEventLoop) executor;
            NettyLoop own = new NettyLoop(loops.size(), loop, partialPackets, names);
            loops.put(loop, own);
            loop.scheduleWithFixedDelay(own::countNames, 1, 1, TimeUnit.SECONDS);
        }
        LOG.info("MQTT event loops: {} threads on {}", threads, io.name());
    }

    /** The threads as Netty knows them. */
    public EventLoopGroup group() {
        return group;
    }

    /** How sockets are served. */
    public SocketIo io() {
        return io;
    }

    /** The buffers of reads, for connections that keep nothing of what they are handed. */
    public ReceiveBuffers receiveBuffers() {
        return receiveBuffers;
    }

    /** The places of all connections. */
    public Places places() {
        return places;
    }

    /** What connections take of the heap. */
    public MemoryAccount connections() {
        return connections;
    }

    /** What all connections hold of packets that are not complete. */
    public PartialPackets partialPackets() {
        return partialPackets;
    }

    /** The loop of a channel of this group. */
    public NettyLoop of(EventLoop loop) {
        return Objects.requireNonNull(loops.get(loop), "loop of another group");
    }

    /** New threads, and with them new listeners, if a value has changed. */
    @Modified
    void modified(Config config, ComponentContext component) {
        if (!values(config).equals(values)) {
            LOG.info("MQTT event loops and all listeners start again with a changed configuration");
            Restart.of(component, EventLoops.class);
        }
    }

    private static List<Object> values(Config config) {
        return List.of(
                config.threads(),
                config.io(),
                config.max_connections(),
                config.max_partial_bytes());
    }

    /**
     * Stops the threads after the listeners closed their connections; waits for them a short while.
     */
    @Deactivate
    public void stop() {
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(STOP_SECONDS + 1L, TimeUnit.SECONDS);
        incomplete.close();
        arriving.close();
        connections.close();
        names.close();
    }
}
