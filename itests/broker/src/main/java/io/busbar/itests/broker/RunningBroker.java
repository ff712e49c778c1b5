package io.busbar.itests.broker;

import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.storage.BrokerStore;
import io.busbar.memory.ProcessMemory;
import io.busbar.mqtt.broker.MqttBroker;
import io.busbar.mqtt.broker.config.BrokerConfig;
import io.busbar.mqtt.broker.feature.Features;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.loop.HomeLoop;
import io.busbar.mqtt.broker.loop.Ticker;
import io.busbar.mqtt.transport.listener.Listener;
import io.busbar.mqtt.transport.listener.ListenerRegistry;
import io.busbar.mqtt.transport.loops.EventLoops;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.access.ScriptedAccess;
import io.busbar.testkit.config.Configs;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * A broker on a port of 127.0.0.1 with the store it is given. Also a program: {@code RunningBroker
 * [port]}.
 */
public final class RunningBroker implements AutoCloseable {
    /** The limits that ship. */
    public static final BrokerLimits LIMITS = BrokerLimits.of(Configs.of(BrokerConfig.class));

    private final ScriptedAccess access = new ScriptedAccess();
    private final List<HomeLoop> own = HomeLoop.several();
    private final ProcessMemory memory;
    private final MqttBroker broker;
    private final EventLoops loops;
    private final Listener listener;
    private final int port;

    /**
     * Starts one; port 0 takes a free one.
     *
     * @param settings what differs from the defaults that ship, by the names of {@link
     *     BrokerConfig}
     */
    public RunningBroker(BrokerStore store, Map<String, Object> settings, int port, int threads) {
        this(store, settings, port, threads, 1L << 30);
    }

    /**
     * As the other one.
     *
     * @param memoryBytes what clients may hold of the heap, and of direct memory
     */
    public RunningBroker(
            BrokerStore store,
            Map<String, Object> settings,
            int port,
            int threads,
            long memoryBytes) {
        memory = new ProcessMemory(memoryBytes, memoryBytes, Clock.systemUTC());
        BrokerConfig config = Configs.of(BrokerConfig.class, settings);
        broker =
                new MqttBroker(
                        "test",
                        BrokerLimits.of(config),
                        Features.of(config),
                        store,
                        memory,
                        own,
                        Clock.systemUTC(),
                        Ticker.SYSTEM);
        Map<String, Object> onLoop = Map.of(Authenticator.BLOCKING, false);
        broker.gate().authenticators().bind(access, onLoop);
        broker.gate().authorizers().bind(access, onLoop);
        loops = make(EventLoops.class, Map.of("threads", threads), memory);
        ListenerRegistry registry = new ListenerRegistry();
        listener =
                make(Listener.class, Map.of("port", port), loops, broker.connections(), registry);
        ListenerView view = registry.list().get(0);
        if (view.state() != ListenerView.State.LISTENING) {
            close();
            throw new IllegalStateException("listener: " + view.detail());
        }
        this.port = view.port();
    }

    public int port() {
        return port;
    }

    public MqttBroker broker() {
        return broker;
    }

    public ProcessMemory memory() {
        return memory;
    }

    public ScriptedAccess access() {
        return access;
    }

    // The components' configurations are theirs alone; a test gives the values that differ from the
    // defaults.
    private static <T> T make(Class<T> type, Map<String, Object> values, Object... references) {
        Constructor<?> constructor = type.getConstructors()[0];
        Class<?>[] types = constructor.getParameterTypes();
        Class<?> config = types[types.length - 1];
        Object[] arguments = java.util.Arrays.copyOf(references, types.length);
        arguments[types.length - 1] = Configs.of(config.asSubclass(Annotation.class), values);
        try {
            return type.cast(constructor.newInstance(arguments));
        } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot make " + type.getSimpleName(), e);
        }
    }

    private static void stop(Object component) {
        if (component == null) {
            return;
        }
        try {
            Method stop = component.getClass().getDeclaredMethod("stop");
            stop.setAccessible(true);
            stop.invoke(component);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot stop " + component, e);
        }
    }

    @Override
    public void close() {
        broker.close();
        stop(listener);
        stop(loops);
        own.forEach(HomeLoop::close);
        memory.close();
    }

    /**
     * Runs a broker without access control until it is killed: for load generators and other
     * suites.
     */
    public static void main(String[] arguments) throws InterruptedException {
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
        int threads = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
        RunningBroker running = new RunningBroker(new MemoryStore(), Map.of(), port, threads);
        Runtime.getRuntime().addShutdownHook(new Thread(running::close));
        System.out.println("listening on 127.0.0.1:" + running.port());
        Thread.currentThread().join();
    }
}
