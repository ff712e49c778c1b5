package io.busbar.mqtt.broker.session;

import io.busbar.api.storage.Durability;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.SubscriptionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores sessions from the store when the broker starts, before it takes any connection: without
 * their messages, which stay where they are until a client comes for them. What is {@link
 * Unfinished} is removed. Who was connected when the server ended is away from now on, and that is
 * written: its time must not begin anew with each start.
 */
public final class SessionRestore {
    /** So many records are written at a time: a server that has just crashed has to come up. */
    private static final int PORTION = 1_000;

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

        /** The numbers of those to write or remove: who visits what is stored must not commit. */
        private final List<Long> connected = new ArrayList<>();

        private final List<Long> unfinished = new ArrayList<>();
        private StoreBatch batch;
        private @Nullable CompletionStage<Void> committing;

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
            for (long number : unfinished) {
                batch.deleteSession(number);
                commitFrom(PORTION);
            }
            for (long number : connected) {
                view.session(number).ifPresent(record -> batch.putSession(record.leftAt(now)));
                commitFrom(PORTION);
            }
            commitFrom(1);
            return restored;
        }

        /** Commits if there are so many changes. What was committed before is written then. */
        private void commitFrom(int changes) {
            if (batch.size() < changes) {
                return;
            }
            CompletionStage<Void> before = committing;
            if (before != null) {
                before.exceptionally(failed -> null).toCompletableFuture().join();
            }
            committing = owner.commit(batch, Durability.PROCESS);
            batch = owner.newBatch();
        }

        private void add(SessionRecord record) {
            if (Unfinished.is(record)) {
                unfinished.add(record.session());
                return;
            }
            boolean here = record.disconnectedAt() == 0;
            if (here && now >= record.createdAt()) { // else the clock is not set yet
                connected.add(record.session());
            }
            try {
                restored.add(sessions.remake(here ? record.leftAt(now) : record));
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
