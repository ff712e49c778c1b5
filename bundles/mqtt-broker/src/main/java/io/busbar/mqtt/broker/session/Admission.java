package io.busbar.mqtt.broker.session;

import io.busbar.api.audit.Actor;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.loop.Shards;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.memory.Forecast;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Lets sessions from elsewhere in while the broker runs, and others look at those that are kept.
 * For threads that may wait, never an event loop. Thread-safe.
 */
public final class Admission {
    private static final long WAIT_SECONDS = 30;

    private final Sessions sessions;
    private final SessionClaims claims;
    private final Shards shards;

    /** Makes that of a broker. */
    public Admission(Sessions sessions, SessionClaims claims, Shards shards) {
        this.sessions = sessions;
        this.claims = claims;
        this.shards = shards;
    }

    /** What sessions are bounded by. */
    public BrokerLimits limits() {
        return sessions.limits();
    }

    /** The time of the broker, in milliseconds since the epoch. */
    public long now() {
        return sessions.loops().clock().millis();
    }

    /** A session that the store keeps: whose, where, and under which number. */
    public record Kept(String clientId, ShardView view, long number) {}

    /** All that the store keeps; a live view, read once. */
    public Iterator<Kept> kept() {
        return sessions.all().stream()
                .filter(StoredSession::isDurable)
                .map(
                        session ->
                                new Kept(
                                        session.clientId(),
                                        shards.ownerOf(session.clientId()).view(),
                                        session.number()))
                .iterator();
    }

    /** Where a client's session is kept. */
    public ShardOwner ownerOf(String clientId) {
        return shards.ownerOf(clientId);
    }

    /**
     * A session from elsewhere as it may be here: it lives no longer than the server allows, and
     * counts from now on if it was connected, or left in what is the future here.
     */
    public SessionRecord here(SessionRecord it) {
        long now = now();
        return new SessionRecord(
                it.session(),
                it.clientId(),
                it.principalId(),
                it.username(),
                Math.min(it.expirySeconds(), limits().sessions().maxExpirySeconds()),
                Unfinished.createdAt(it.createdAt()),
                it.disconnectedAt() == 0 ? now : Math.min(now, it.disconnectedAt()),
                it.will(),
                it.willDelaySeconds());
    }

    /** The same as a new session of its client. */
    public SessionRecord numbered(SessionRecord it) {
        return it.withSession(sessions.nextNumber(it.clientId()));
    }

    /** As the store has it until it is whole: a start after a crash removes it. */
    public static SessionRecord unfinished(SessionRecord whole) {
        return Unfinished.of(whole);
    }

    /**
     * Lets no client have the identifier until {@link #letGo}.
     *
     * @throws IllegalArgumentException if others do not let go of it
     */
    public void hold(String clientId) {
        CompletableFuture<Void> held = new CompletableFuture<>();
        // Whoever gets it when nobody waits any more passes it on.
        Runnable later =
                () -> {
                    if (!held.complete(null)) {
                        claims.letGo(clientId);
                    }
                };
        switch (claims.hold(clientId, later)) {
            case HELD -> {}
            case REFUSED -> throw busy();
            case WAITS -> {
                try {
                    await(held);
                } catch (StorageException late) {
                    if (held.cancel(false)) {
                        throw busy();
                    }
                }
            }
        }
    }

    private static IllegalArgumentException busy() {
        return new IllegalArgumentException("its client is connecting at this moment");
    }

    /** Lets clients have the identifier again. */
    public void letGo(String clientId) {
        claims.letGo(clientId);
    }

    /** Whether there is a session of a client. */
    public boolean exists(String clientId) {
        return sessions.get(clientId) != null;
    }

    /** Whether a client is connected. */
    public boolean isConnected(String clientId) {
        Session session = sessions.get(clientId);
        return session != null && session.attached() != null;
    }

    /** How many sessions there are. */
    public int sessions() {
        return sessions.size();
    }

    /** Ends the session of a client, if there is one, and waits for it. */
    public void end(String clientId, Actor actor) {
        Session session = sessions.get(clientId);
        if (session == null) {
            return;
        }
        CompletableFuture<Void> ended = new CompletableFuture<>();
        session.execute(
                () -> {
                    sessions.end(session, actor);
                    whenEnded(session, ended);
                });
        await(ended);
    }

    /** Its will may have to be read before. */
    private static void whenEnded(Session session, CompletableFuture<Void> ended) {
        if (session.isEnded()) {
            ended.complete(null);
        } else {
            session.loop().atNextTick(() -> whenEnded(session, ended));
        }
    }

    /** What a session takes in memory that has nothing yet. */
    public long sizeOf(SessionRecord record) {
        return Footprint.session(record.clientId(), sessions.common().paged());
    }

    /** What a subscription adds to that. */
    public long sizeOf(SubscriptionRecord subscription) {
        return Footprint.subscription(subscription.filter(), sessions.common().paged());
    }

    /** The accounts of the broker. */
    public BrokerMemory memory() {
        return sessions.loops().home().memory();
    }

    /**
     * Whether there is memory for so much of a session; if not, operators are told.
     *
     * @param foreseen what others from elsewhere are going to hold
     */
    public boolean hasRoom(SessionRecord record, long bytes, Forecast foreseen) {
        BrokerMemory memory = memory();
        long held = memory.holder(record.principalId()).bytes();
        if (foreseen.hasRoom(record.principalId(), held, bytes)) {
            return true;
        }
        memory.sessions().refused(record.clientId(), held);
        return false;
    }

    /**
     * The room for the queue of a session.
     *
     * @param foreseen what the queues of others from elsewhere are going to hold
     */
    public QueueRoom queueRoom(SessionRecord record, Forecast foreseen) {
        return new QueueRoom(
                limits().deliveries(),
                memory(),
                foreseen,
                record.principalId(),
                sessions.common().paged());
    }

    /** A session on its way to its place. */
    @FunctionalInterface
    public interface Entry {
        /**
         * Waits until it is there. If the broker does not come to it in time, it is there with the
         * next start.
         *
         * @throws StorageException if it is not there
         */
        void await();
    }

    /**
     * Begins to make a session that the store has, with all that it is owed, one of the broker. Its
     * identifier is held, and nobody has it, until it was waited for.
     *
     * @param record what the store has of it
     * @param messages how many are queued for it
     * @param bytes their size
     */
    public Entry admit(
            SessionRecord record,
            List<SubscriptionRecord> subscriptions,
            int messages,
            long bytes) {
        CompletableFuture<Void> there = new CompletableFuture<>();
        AtomicBoolean decided = new AtomicBoolean();
        sessions.loops()
                .own(record.clientId())
                .execute(
                        () -> {
                            if (!decided.compareAndSet(false, true)) {
                                return; // too late: its client may have another one by now
                            }
                            try {
                                Session session = sessions.remake(record);
                                session.growTail(messages, bytes);
                                subscriptions.forEach(session::restoreSubscription);
                                sessions.arrived(session, failure -> told(there, failure));
                            } catch (RuntimeException | LinkageError failure) {
                                told(there, failure);
                            }
                        });
        return () -> {
            try {
                await(there);
            } finally {
                decided.set(true);
            }
        };
    }

    private static void told(CompletableFuture<Void> waiter, @Nullable Throwable failure) {
        if (failure == null) {
            waiter.complete(null);
        } else {
            waiter.completeExceptionally(failure);
        }
    }

    private static void await(CompletableFuture<Void> waited) {
        try {
            waited.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof StorageException known
                    ? known
                    : new StorageException("a session was not taken up", failure.getCause());
        } catch (TimeoutException late) {
            throw new StorageException("the broker did not answer in time", late);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new StorageException("the broker was not waited for", stopped);
        }
    }
}
