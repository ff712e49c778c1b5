package io.busbar.mqtt.broker.session;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Principal;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.storage.SessionRecord;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.mqtt.broker.topic.SubscriptionTree;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** All sessions, by Client Identifier. Creates and ends them. Thread-safe. */
public final class Sessions {
    private final Loops loops;
    private final SubscriptionTree tree;
    private final BrokerLimits limits;
    private final Ending ending;
    private final DropListener drops;
    private final ConcurrentHashMap<String, Session> byId = new ConcurrentHashMap<>();
    private final AtomicLong numbers;
    private final AtomicLong expired = new AtomicLong();

    /** Messages that restored sessions brought along, before loops counted. */
    private long restoredMessages;

    /** Makes the set of a broker. */
    public Sessions(
            Loops loops,
            SubscriptionTree tree,
            BrokerLimits limits,
            Ending ending,
            DropListener drops) {
        this.loops = loops;
        this.tree = tree;
        this.limits = limits;
        this.ending = ending;
        this.drops = drops;
        // Numbers must not come again, even if all sessions were deleted before a restart.
        this.numbers = new AtomicLong(loops.clock().millis() << 16);
    }

    public @Nullable Session get(String clientId) {
        return byId.get(clientId);
    }

    /** All sessions; a live view. */
    public Collection<Session> all() {
        return byId.values();
    }

    public int size() {
        return byId.size();
    }

    /** Those without a connection. */
    public long offline() {
        return Math.max(0, size() - loops.sum(counters -> counters.attached));
    }

    /** Messages that wait for any of them. */
    public long queued() {
        long waiting = loops.sum(counters -> counters.owed - counters.inflight);
        return Math.max(0, restoredMessages + waiting);
    }

    /** Messages that were sent to clients and are not acknowledged. */
    public long inflight() {
        return Math.max(0, loops.sum(counters -> counters.inflight));
    }

    /** How many ended by time. */
    public long expired() {
        return expired.get();
    }

    // ---- the beginning of a session

    /** Whether there are as many as there may be. */
    boolean isFull() {
        return byId.size() >= limits.sessions().max();
    }

    /**
     * Whether there is memory for the session that a connection wants, and for the Will Message
     * that it brings; if not, operators are told.
     *
     * @param present the session that there is already, or null; it stays or makes room
     */
    boolean hasRoom(Claimant claimant, @Nullable Session present) {
        BrokerMemory memory = loops.home().memory();
        long more = Session.sizeOfWill(claimant.will());
        if (present == null) {
            more += Session.sizeOf(claimant.clientId());
        } else {
            more -= present.sizeOfWill();
        }
        long held = memory.holder(claimant.principal().id()).bytes();
        if (more <= 0 || memory.sessions().hasRoom(held, more)) {
            return true;
        }
        memory.sessions().refused(claimant.clientId(), held);
        return false;
    }

    /** Makes a new one in the place of an identifier, which nobody else has; on its loop. */
    Session open(String clientId, Principal principal, long expirySeconds, Loop loop) {
        Session session =
                make(
                        clientId,
                        numbers.incrementAndGet(),
                        loops.clock().millis(),
                        principal,
                        expirySeconds,
                        loop);
        byId.put(clientId, session);
        return session;
    }

    private Session make(
            String clientId,
            long number,
            long createdAt,
            Principal principal,
            long expirySeconds,
            Loop loop) {
        return new Session(
                clientId,
                number,
                createdAt,
                principal,
                expirySeconds,
                loop,
                tree,
                limits.deliveries(),
                loops.clock(),
                drops);
    }

    /**
     * Makes again one that the store kept; it belongs to the broker's own loop until its client
     * comes. Not in its place yet.
     */
    Session remake(SessionRecord record) {
        numbers.accumulateAndGet(record.session(), Math::max);
        Principal principal =
                new Principal(record.principalId(), "", record.username(), "", List.of(), 0);
        return make(
                record.clientId(),
                record.session(),
                record.createdAt(),
                principal,
                record.expirySeconds(),
                loops.home());
    }

    /**
     * Puts one that the store kept in its place, if no newer one is there; the older one ends.
     *
     * @return whether it is in its place
     */
    boolean put(Session restored) {
        restoredMessages += restored.outbound().owedCount();
        Session other = byId.get(restored.clientId());
        if (other != null && other.number() >= restored.number()) {
            loops.home().execute(() -> restored.end(false));
            return false;
        }
        byId.put(restored.clientId(), restored);
        if (other != null) {
            loops.home().execute(() -> other.end(false));
        }
        return true;
    }

    // ---- the end of a session

    /**
     * What follows when a session has lost its connection: it ends now, or after its Session Expiry
     * Interval [MQTT5-3.1.2-23]. On its loop.
     */
    public void disconnected(Session session) {
        long seconds = session.expirySeconds();
        if (seconds == 0) {
            end(session, ClientEvent.SessionEnd.CONNECTION);
        } else if (seconds != Session.NEVER) {
            expireAfter(session, seconds * 1000);
        }
    }

    /** Ends it when so much time has passed, unless its client comes back. */
    void expireAfter(Session session, long millis) {
        int generation = session.generation();
        session.whileAway(
                loops.schedule(
                        () -> session.execute(() -> expire(session, generation)),
                        Math.max(1, millis)));
    }

    private void expire(Session session, int generation) {
        if (session.generation() == generation
                && session.attached() == null
                && !session.isEnded()) {
            expired.incrementAndGet();
            end(session, ClientEvent.SessionEnd.EXPIRED);
        }
    }

    /** Ends a session because somebody wants it; on its loop. */
    public void end(Session session, Actor actor) {
        end(session, ClientEvent.SessionEnd.ADMINISTRATOR, actor);
    }

    void end(Session session, ClientEvent.SessionEnd cause) {
        end(session, cause, null);
    }

    private void end(Session session, ClientEvent.SessionEnd cause, @Nullable Actor actor) {
        if (!session.isEnded()) {
            try {
                session.end(isLossOf(cause));
            } finally {
                byId.remove(session.clientId(), session);
                ending.ended(session, cause, actor);
            }
        }
    }

    /** Whether messages that still wait are lost, and not given up by the client itself. */
    private static boolean isLossOf(ClientEvent.SessionEnd cause) {
        return switch (cause) {
            case CONNECTION, CLEAN_START -> false;
            case EXPIRED, ADMINISTRATOR, OWNER_CONNECTED -> true;
        };
    }
}
