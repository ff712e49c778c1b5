package io.busbar.mqtt.broker.receipt;

import io.busbar.api.storage.DeliveryMark;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who has a message that its publisher sends again after a restart. Immutable once it is used. */
public final class Served {
    private final Map<Integer, Set<Long>> sessions = new HashMap<>();
    private final Set<String> shares = new HashSet<>();

    Served() {}

    void add(int shard, DeliveryMark mark) {
        Set<Long> all = sessions.computeIfAbsent(shard, none -> new HashSet<>());
        for (long session : mark.sessions()) {
            all.add(session);
        }
        shares.addAll(mark.shares());
    }

    /** Whether a session has it by its own subscriptions. */
    public boolean has(int shard, long session) {
        Set<Long> some = sessions.get(shard);
        return some != null && some.contains(session);
    }

    /**
     * Whether a member of a Shared Subscription has it.
     *
     * @param share the filter as clients write it
     */
    public boolean has(String share) {
        return shares.contains(share);
    }
}
