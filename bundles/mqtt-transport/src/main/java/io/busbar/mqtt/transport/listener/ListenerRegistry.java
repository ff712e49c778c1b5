package io.busbar.mqtt.transport.listener;

import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Listeners;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All listeners that are configured, for console, shell and metrics. Thread-safe. */
@Component(service = {Listeners.class, ListenerRegistry.class})
public final class ListenerRegistry implements Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerRegistry.class);

    private final Set<Member> listeners = ConcurrentHashMap.newKeySet();

    /** One of them. */
    interface Member {
        /** The state of now. Any thread. */
        ListenerView view();

        /** See {@link Listeners#authorities}. Any thread. */
        @Nullable String authorities();
    }

    private final ScheduledExecutorService watching =
            Executors.newSingleThreadScheduledExecutor(
                    runnable -> {
                        Thread thread = new Thread(runnable, "mqtt-listener-files");
                        thread.setDaemon(true);
                        return thread;
                    });

    @Activate
    public ListenerRegistry() {}

    @Deactivate
    public void stop() {
        watching.shutdownNow();
    }

    /** Has a listener look at its files every so often, off the event loops. */
    Future<?> watch(Runnable look, int seconds) {
        return watching.scheduleWithFixedDelay(
                () -> {
                    try {
                        look.run();
                    } catch (RuntimeException e) {
                        LOG.error("Files of a listener could not be looked at", e);
                    }
                },
                seconds,
                seconds,
                TimeUnit.SECONDS);
    }

    void add(Member listener) {
        listeners.add(listener);
    }

    void remove(Member listener) {
        listeners.remove(listener);
    }

    @Override
    public List<ListenerView> list() {
        return listeners.stream()
                .map(Member::view)
                .sorted(Comparator.comparing(ListenerView::name))
                .toList();
    }

    @Override
    public @Nullable String authorities(String name) {
        return listeners.stream()
                .filter(listener -> listener.view().name().equals(name))
                .map(Member::authorities)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
