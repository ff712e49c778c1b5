package io.busbar.mqtt.transport;

import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Listeners;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** All listeners that are configured, for console, shell and metrics. Thread-safe. */
@Component(service = {Listeners.class, ListenerRegistry.class})
public final class ListenerRegistry implements Listeners {
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

    @Activate
    public ListenerRegistry() {}

    void add(Listener listener) {
        listeners.add(listener);
    }

    void remove(Listener listener) {
        listeners.remove(listener);
    }

    @Override
    public List<ListenerView> list() {
        return listeners.stream()
                .map(Listener::view)
                .sorted(Comparator.comparing(ListenerView::name))
                .toList();
    }
}
