package io.busbar.mqtt.broker.receipt;

import io.busbar.api.storage.DeliveryMark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Who has a message that its publisher sends again after a restart. Immutable once it is used. */
public final class Served {
    private final List<Part> parts = new ArrayList<>(1);

    /** What a mark of a shard says, with its sessions in order. */
    private record Part(int shard, DeliveryMark mark) {}

    Served() {}

    void add(int shard, DeliveryMark mark) {
        parts.add(new Part(shard, mark));
    }

    /** Whether a session has it by its own subscriptions. */
    public boolean has(int shard, long session) {
        for (Part part : parts) {
            if (part.shard == shard && Arrays.binarySearch(part.mark.sessions(), session) >= 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a member of a Shared Subscription has it.
     *
     * @param share the filter as clients write it
     */
    public boolean has(String share) {
        for (Part part : parts) {
            if (part.mark.shares().contains(share)) {
                return true;
            }
        }
        return false;
    }
}
