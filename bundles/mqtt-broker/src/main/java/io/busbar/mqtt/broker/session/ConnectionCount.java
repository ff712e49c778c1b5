package io.busbar.mqtt.broker.session;

import io.busbar.api.auth.Principal;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections each identity has, and all of them together. Thread-safe. */
final class ConnectionCount {
    private final ConcurrentHashMap<String, Integer> byIdentity = new ConcurrentHashMap<>();
    private final AtomicInteger online = new AtomicInteger();
    private final AtomicInteger maxOnline = new AtomicInteger();

    int online() {
        return online.get();
    }

    /** The most there were at once. */
    int maxOnline() {
        return maxOnline.get();
    }

    /**
     * Counts a connection of an identity; false if it has as many as it may.
     *
     * @param replaces whether it takes the place of one that is about to leave
     */
    boolean enter(Principal principal, boolean replaces) {
        int max = replaces ? 0 : principal.maxConnections();
        boolean[] entered = new boolean[1];
        byIdentity.compute(
                principal.id(),
                (id, count) -> {
                    int now = count == null ? 0 : count;
                    if (max > 0 && now >= max) {
                        return count;
                    }
                    entered[0] = true;
                    return now + 1;
                });
        if (entered[0]) {
            int now = online.incrementAndGet();
            if (!replaces) {
                maxOnline.accumulateAndGet(now, Math::max);
            }
        }
        return entered[0];
    }

    /** A connection of an identity is gone. */
    void leave(String principalId) {
        byIdentity.computeIfPresent(principalId, (id, count) -> count <= 1 ? null : count - 1);
        online.decrementAndGet();
    }
}
