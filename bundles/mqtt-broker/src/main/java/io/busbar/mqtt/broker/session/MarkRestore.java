package io.busbar.mqtt.broker.session;

import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StoreBatch;
import io.busbar.mqtt.broker.loop.Shards;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Gives sessions the marks of their messages of QoS 2 that were on their way when the server ended,
 * and removes all others from the store: of messages that were taken over, and of sessions that are
 * not there any more. A mark that is older than the last run was left by its start, and that run
 * removed it if its message was taken over: so it counts, however far that run has come.
 */
final class MarkRestore {
    /** Marks that are removed in one batch. */
    private static final int AT_ONCE = 1_000;

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
        LongStream.Builder others = LongStream.builder();
        owner.view()
                .marks(
                        (slot, mark) -> {
                            Session publisher = publisher(mark);
                            if (publisher == null) {
                                others.add(slot);
                            } else {
                                publisher.inbound().restore(owner.shard(), slot, mark);
                            }
                        });
        StoreBatch batch = owner.newBatch();
        int count = 0;
        for (long slot : others.build().toArray()) {
            batch.deleteMark(slot);
            if (++count % AT_ONCE == 0) {
                owner.commit(batch, Durability.PROCESS);
                batch = owner.newBatch();
            }
        }
        if (!batch.isEmpty()) {
            owner.commit(batch, Durability.PROCESS);
        }
    }

    /** The session that may send the message again; null if there is none. */
    private @Nullable Session publisher(DeliveryMark mark) {
        int shard = mark.publisherShard();
        Session session = shard < sessions.size() ? find(shard, mark.publisher()) : null;
        return session != null
                        && !Shards.includes(
                                owners.get(shard).view().received(mark.publisher()), mark.number())
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
