package io.busbar.mqtt.broker.session;

import io.busbar.api.mqtt.Message;
import io.busbar.mqtt.broker.limit.DeliveryLimits;
import io.busbar.mqtt.broker.limit.StoredLimits;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.memory.Forecast;

/**
 * How much the queue of a session has that comes from elsewhere, and whether it may have more: with
 * a store in memory, what waits takes memory. Not thread-safe.
 */
public final class QueueRoom {
    private final DeliveryLimits limits;
    private final BrokerMemory memory;
    private final Forecast foreseen;
    private final String principalId;
    private final boolean paged;
    private int messages;
    private long bytes;
    private long held;

    /**
     * Makes one.
     *
     * @param foreseen what others from elsewhere are going to hold of the memory for queues
     */
    QueueRoom(
            DeliveryLimits limits,
            BrokerMemory memory,
            Forecast foreseen,
            String principalId,
            boolean paged) {
        this.limits = limits;
        this.memory = memory;
        this.foreseen = foreseen;
        this.principalId = principalId;
        this.paged = paged;
    }

    /** Counts one more message if there is room for it. */
    public boolean take(Message message) {
        long size = message.sizeBytes();
        long footprint = (long) Footprint.OWED + Footprint.routed(message);
        if (paged ? !hasRoomInStore(size) : !hasRoomInMemory(footprint)) {
            return false;
        }
        messages++;
        bytes += size;
        held += footprint;
        return true;
    }

    private boolean hasRoomInStore(long size) {
        StoredLimits stored = limits.stored();
        return messages < stored.maxMessages()
                && (messages == 0 || bytes + size <= stored.maxBytes());
    }

    private boolean hasRoomInMemory(long footprint) {
        return messages < limits.maxQueuedMessages()
                && (messages == 0 || held + footprint <= limits.maxQueuedBytes())
                && foreseen.hasRoom(
                        principalId, memory.holder(principalId).queued(), held + footprint);
    }

    /** How many were counted. */
    public int messages() {
        return messages;
    }

    /** Their {@link Message#sizeBytes}. */
    public long bytes() {
        return bytes;
    }

    /** All of them are there, or foreseen: with a store in memory they are going to be held. */
    public void foresee() {
        foreseen.add(principalId, paged ? 0 : held);
    }
}
