package io.busbar.mqtt.broker.call;

import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.broker.ProviderView;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services of one kind that the broker asks, in the order in which it does. Thread-safe. */
public final class Providers<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Providers.class);

    private final String kind;
    private final Calls calls;
    private final boolean mayBlock;
    private final Map<T, Provider<T>> known = new IdentityHashMap<>();
    private final Ranked<Provider<T>> ranked = new Ranked<>();

    /** Those that are gone while calls of them still hang. */
    private final List<Bulkhead> left = new CopyOnWriteArrayList<>();

    /**
     * Makes them of one kind, without any.
     *
     * @param kind in a word, for people
     */
    public Providers(String kind, Calls calls) {
        this(kind, calls, true);
    }

    private Providers(String kind, Calls calls, boolean mayBlock) {
        this.kind = kind;
        this.calls = calls;
        this.mayBlock = mayBlock;
    }

    /** Makes those of a kind that must never block, whatever they say. */
    public static <T> Providers<T> onLoops(String kind, Calls calls) {
        return new Providers<>(kind, calls, false);
    }

    /** Adds a service, or takes its changed properties. */
    public synchronized void bind(T service, Map<String, ?> properties) {
        Provider<T> old = known.get(service);
        Provider<T> provider =
                old != null && (mayBlock && blocks(properties)) == (old.bulkhead() != null)
                        ? old
                        : provider(service, properties);
        if (old != null && old != provider) {
            drop(old);
        }
        known.put(service, provider);
        ranked.bind(provider, properties);
    }

    private Provider<T> provider(T service, Map<String, ?> properties) {
        Callee callee = new Callee(kind, nameOf(service, properties));
        boolean blocks = mayBlock && blocks(properties);
        Object said = properties.get(Authenticator.BLOCKING);
        if (mayBlock && said != null && !said.toString().equals(Boolean.toString(blocks))) {
            LOG.warn(
                    "Service property {} is {} (expected: true, false): it counts as blocking ({})",
                    Authenticator.BLOCKING,
                    said,
                    callee);
        }
        return new Provider<>(service, callee, blocks ? calls.workers().bulkhead(callee) : null);
    }

    /** A stranger may block; only who says that it does not is called on event loops. */
    public static boolean blocks(Map<String, ?> properties) {
        Object said = properties.get(Authenticator.BLOCKING);
        return said == null || !said.toString().equals("false");
    }

    /** What people call a service. */
    public static String nameOf(Object service, Map<String, ?> properties) {
        return properties.get("component.name") instanceof String name
                ? name
                : service.getClass().getName();
    }

    /** Its service goes: it is not asked any more, and nobody waits for it. */
    public synchronized void unbind(T service) {
        Provider<T> gone = known.remove(service);
        if (gone != null) {
            drop(gone);
        }
    }

    private void drop(Provider<T> gone) {
        ranked.unbind(gone);
        Bulkhead bulkhead = gone.bulkhead();
        if (bulkhead != null) {
            bulkhead.close();
            left.removeIf(each -> !each.isBusy());
            left.add(bulkhead);
        }
    }

    /** The providers, first to be asked first. */
    public List<Provider<T>> inOrder() {
        return ranked.inOrder();
    }

    /** As operators see them: in their order, then those that are gone while calls still hang. */
    public List<ProviderView> views() {
        List<ProviderView> views = new ArrayList<>();
        for (Provider<T> provider : inOrder()) {
            views.add(view(provider));
        }
        for (Bulkhead gone : left) {
            if (gone.isLate()) {
                views.add(gone.view());
            }
        }
        return views;
    }

    private ProviderView view(Provider<T> provider) {
        // What it made may hang on event loops, even if it is called elsewhere itself.
        ProviderView onLoops = calls.view(provider.callee());
        @Nullable Bulkhead bulkhead = provider.bulkhead();
        return bulkhead == null || onLoops.state() != ProviderView.State.ASKED
                ? onLoops
                : bulkhead.view();
    }
}
