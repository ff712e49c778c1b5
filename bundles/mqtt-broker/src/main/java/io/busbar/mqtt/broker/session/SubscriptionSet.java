package io.busbar.mqtt.broker.session;

import io.busbar.mqtt.broker.topic.Subscription;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of a session, by filter, in as little memory as they need, because most
 * sessions have one or a few: nothing, the subscription itself, a small array, or a map. Whoever
 * owns the set changes it with one thread and keeps what these methods return; any thread reads.
 */
final class SubscriptionSet {
    /** With more, a map is faster. */
    private static final int SMALL = 8;

    private SubscriptionSet() {}

    /** The one of a filter, or null. */
    static @Nullable Subscription get(@Nullable Object set, String filter) {
        if (set instanceof Map<?, ?> map) {
            return (Subscription) map.get(filter);
        }
        for (Subscription each : small(set)) {
            if (each.text().equals(filter)) {
                return each;
            }
        }
        return null;
    }

    static int size(@Nullable Object set) {
        return set instanceof Map<?, ?> map ? map.size() : small(set).length;
    }

    /** All of them. */
    static Collection<Subscription> all(@Nullable Object set) {
        return set instanceof Map<?, ?> ? map(set).values() : Arrays.asList(small(set));
    }

    /** The set with this one, in the place of one with the same filter. */
    static Object with(@Nullable Object set, Subscription added) {
        String filter = added.text();
        if (set instanceof Map<?, ?>) {
            map(set).put(filter, added);
            return set;
        }
        Subscription[] old = small(set);
        for (int i = 0; i < old.length; i++) {
            if (old[i].text().equals(filter)) {
                Subscription[] changed = old.clone();
                changed[i] = added;
                return small(changed);
            }
        }
        if (old.length < SMALL) {
            Subscription[] more = Arrays.copyOf(old, old.length + 1);
            more[old.length] = added;
            return small(more);
        }
        ConcurrentHashMap<String, Subscription> map = new ConcurrentHashMap<>(4 * SMALL);
        for (Subscription each : old) {
            map.put(each.text(), each);
        }
        map.put(filter, added);
        return map;
    }

    /** The set without the one of a filter. */
    static @Nullable Object without(@Nullable Object set, String filter) {
        if (set instanceof Map<?, ?>) {
            map(set).remove(filter);
            return map(set).isEmpty() ? null : set;
        }
        List<Subscription> left = new ArrayList<>(Arrays.asList(small(set)));
        left.removeIf(each -> each.text().equals(filter));
        return left.isEmpty() ? null : small(left.toArray(NONE));
    }

    private static final Subscription[] NONE = {};

    private static Subscription[] small(@Nullable Object set) {
        if (set == null) {
            return NONE;
        }
        return set instanceof Subscription one ? new Subscription[] {one} : (Subscription[]) set;
    }

    private static Object small(Subscription[] all) {
        return all.length == 1 ? all[0] : all;
    }

    @SuppressWarnings("unchecked") // the only map that is used here
    private static ConcurrentHashMap<String, Subscription> map(Object set) {
        return (ConcurrentHashMap<String, Subscription>) set;
    }
}
