package io.busbar.mqtt.broker.session;

import io.busbar.api.storage.Durability;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.SubscriptionRecord;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores sessions from the store when the broker starts, before it takes any connection: without
 * their messages, which stay where they are until a client comes for them. What is {@link
 * Unfinished} is removed. Who was connected when the server ended is away from now on, and that is
 * written: its time must not begin anew with each start.
 */
public final class SessionRestore {
    private static final Logger LOG = LoggerFactory.getLogger(SessionRestore.class);

    private final Sessions sessions;

    /** Makes that of a broker. */
    public SessionRestore(Sessions sessions) {
        this.sessions = sessions;
    }

    /**
     * Reads the sessions of all shards, several shards at a time. One that cannot be read is left
     * out. To be called before the broker does anything.
     *
     * @return puts them in their places, where they become due
     */
    public Runnable restore(List<ShardOwner> owners) {
        List<List<Session>> read =
                owners.parallelStream().map(owner -> new Reading(owner).read()).toList();
        new MarkRestore(owners, read).run();
        return () -> read.forEach(sessions::put);
    }

    /** Reads those of a shard. All that is visited comes by increasing number. */
    private final class Reading {
        private final List<Session> restored = new ArrayList<>();
        private final ShardOwner owner;
        private final long now = sessions.loops().clock().millis();

        /** What changes: who visits what is stored must not commit. */
        private final StoreBatch batch;

        /** Where in the list the queue at hand is looked for. */
        private int at;

        Reading(ShardOwner owner) {
            this.owner = owner;
            batch = owner.newBatch();
        }

        List<Session> read() {
            ShardView view = owner.view();
            view.sessions(this::add, this::add);
            view.queues(this::count);
            if (!batch.isEmpty()) {
                owner.commit(batch, Durability.PROCESS);
            }
            return restored;
        }

        private void add(SessionRecord record) {
            if (Unfinished.is(record)) {
                batch.deleteSession(record.session());
                return;
            }
            SessionRecord away = record;
            if (record.disconnectedAt() == 0) {
                away = record.leftAt(now);
                batch.putSession(away);
            }
            try {
                restored.add(sessions.remake(away));
            } catch (RuntimeException failure) {
                LOG.error(
                        "Session not restored: {} (clientId={})",
                        failure.toString(),
                        record.clientId());
            }
        }

        private void add(long number, SubscriptionRecord subscription) {
            Session session = restored.isEmpty() ? null : restored.get(restored.size() - 1);
            if (session != null && session.number() == number) {
                SessionRestore.add(session, subscription);
            }
        }

        private void count(long number, long count, long bytes) {
            while (at < restored.size()
                    && Long.compareUnsigned(restored.get(at).number(), number) < 0) {
                at++;
            }
            if (at < restored.size() && restored.get(at).number() == number) {
                int messages = (int) Math.min(Integer.MAX_VALUE, count);
                restored.get(at).growTail(messages, bytes);
            }
        }
    }

    private static void add(Session session, SubscriptionRecord subscription) {
        try {
            session.restoreSubscription(subscription);
        } catch (RuntimeException failure) {
            LOG.error(
                    "Subscription not restored: {} (clientId={}, session={}, filter={})",
                    failure.toString(),
                    session.clientId(),
                    session.number(),
                    subscription.filter());
        }
    }
}
