package io.busbar.mqtt.broker.call;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Services of one kind in the order in which they are asked: highest {@code service.ranking} first,
 * then oldest first. Thread-safe; reads take no lock.
 */
public final class Ranked<T> {
    private static final Comparator<Entry<?>> ORDER =
            Comparator.<Entry<?>>comparingInt(entry -> entry.ranking)
                    .reversed()
                    .thenComparingLong(entry -> entry.id);

    private final List<Entry<T>> entries = new ArrayList<>();
    private volatile List<T> ordered = List.of();

    private record Entry<T>(T service, int ranking, long id) {}

    /** Adds a service, or puts it where its changed properties want it. */
    public synchronized void bind(T service, Map<String, ?> properties) {
        entries.removeIf(entry -> entry.service == service);
        Object ranking = properties.get("service.ranking");
        Object id = properties.get("service.id");
        entries.add(
                new Entry<>(
                        service,
                        ranking instanceof Integer number ? number : 0,
                        id instanceof Long number ? number : Long.MAX_VALUE));
        arrange();
    }

    public synchronized void unbind(T service) {
        entries.removeIf(entry -> entry.service == service);
        arrange();
    }

    private void arrange() {
        entries.sort(ORDER);
        List<T> services = new ArrayList<>(entries.size());
        for (Entry<T> entry : entries) {
            services.add(entry.service);
        }
        ordered = List.copyOf(services);
    }

    /** The services, first to be asked first. */
    public List<T> inOrder() {
        return ordered;
    }
}
