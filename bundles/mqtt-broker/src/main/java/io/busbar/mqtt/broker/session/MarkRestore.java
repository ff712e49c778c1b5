package io.busbar.mqtt.broker.session;

import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StoreBatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives sessions the marks of their messages of QoS 2 that were on their way when the server ended,
 * and removes all others from the store: of messages that were taken over, and of sessions that are
 * not there any more.
 */
final class MarkRestore {
    private final List<ShardOwner> owners;
    private final List<List<Session>> sessions;

    /**
     * Makes one.
     *
     * @param sessions the sessions of each shard, by increasing number
     */
    MarkRestore(List<ShardOwner> owners, List<List<Session>> sessions) {
        this.owners = owners;
        this.sessions = sessions;
    }

    void run() {
        owners.forEach(this::restore);
    }

    private void restore(ShardOwner owner) {
        // There are no more than messages were on their way.
        Map<Long, DeliveryMark> marks = new HashMap<>();
        owner.view().marks(marks::put);
        StoreBatch batch = owner.newBatch();
        marks.forEach(
                (slot, mark) -> {
                    Session publisher = publisher(mark);
                    if (publisher == null) {
                        batch.deleteMark(slot);
                    } else {
                        publisher.inbound().restore(owner.shard(), slot, mark);
                    }
                });
        if (!batch.isEmpty()) {
            owner.commit(batch, Durability.PROCESS);
        }
    }

    /** The session that may send the message again; null if there is none. */
    private @Nullable Session publisher(DeliveryMark mark) {
        int shard = mark.publisherShard();
        Session session = shard < sessions.size() ? find(shard, mark.publisher()) : null;
        return session != null
                        && owners.get(shard).view().received(mark.publisher()) < mark.number()
                ? session
                : null;
    }

    private @Nullable Session find(int shard, long number) {
        List<Session> all = sessions.get(shard);
        int low = 0;
        int high = all.size() - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            int order = Long.compareUnsigned(all.get(middle).number(), number);
            if (order == 0) {
                return all.get(middle);
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }
}
