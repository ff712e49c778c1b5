package io.busbar.mqtt.broker.session;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Principal;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.storage.SessionRecord;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.loop.PerLoop;
import io.busbar.mqtt.broker.loop.Shards;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.receipt.Marks;
import io.busbar.mqtt.broker.store.StoreReader;
import io.busbar.mqtt.broker.topic.SubscriptionTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All sessions, by Client Identifier. Creates and ends them. Thread-safe. */
public final class Sessions {
    private final Loops loops;
    private final BrokerLimits limits;
    private final Ending ending;
    private final Consumer<Session> willDue;
    private final Common common;
    private final BooleanSupplier isUp;
    private final PerLoop<Agenda> agendas;
    private final ConcurrentHashMap<String, Session> byId = new ConcurrentHashMap<>();
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong expired = new AtomicLong();

    /** Messages that restored sessions brought along, before loops counted. */
    private long restoredMessages;

    /**
     * Makes the set of a broker.
     *
     * @param reader reads what the store has of them; null if the store answers at once
     * @param paged whether the store is not in memory, so that what waits need not be
     * @param willDue is told that the will of a session is due, on its loop
     * @param isUp whether what is due of sessions that the store kept may happen
     */
    public Sessions(
            Loops loops,
            Shards shards,
            @Nullable StoreReader reader,
            boolean paged,
            SubscriptionTree tree,
            BrokerLimits limits,
            Ending ending,
            Consumer<Session> willDue,
            DropListener drops,
            BooleanSupplier isUp) {
        this.loops = loops;
        this.isUp = isUp;
        this.limits = limits;
        this.ending = ending;
        this.willDue = willDue;
        this.common =
                new Common(
                        tree,
                        limits.deliveries(),
                        loops.clock(),
                        shards,
                        reader,
                        paged,
                        new Moments(loops.ticker()),
                        new PerLoop<>(loop -> new Drops(loop, drops)),
                        new PerLoop<>(Marks::new));
        this.agendas = new PerLoop<>(loop -> new Agenda(loop, common.moments(), this::due));
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
            more += Footprint.session(claimant.clientId(), common.paged()) + Footprint.PRESENCE;
        } else {
            more += present.attached() == null ? Footprint.PRESENCE : 0;
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
                        nextNumber(clientId),
                        loops.clock().millis(),
                        principal,
                        expirySeconds,
                        loop);
        session.appear();
        byId.put(clientId, session);
        return session;
    }

    /** A number for a session of a client, greater than all before. */
    long nextNumber(String clientId) {
        return common.firstNumber(clientId) + opened.incrementAndGet();
    }

    private Session make(
            String clientId,
            long number,
            long createdAt,
            Principal principal,
            long expirySeconds,
            Loop loop) {
        return new Session(clientId, number, createdAt, principal, expirySeconds, loop, common);
    }

    /**
     * Makes again one that the store kept; it belongs to one of the broker's own loops until its
     * client comes. Not in its place yet.
     *
     * @param record has the time since which its client is away
     */
    Session remake(SessionRecord record) {
        Session session =
                make(
                        record.clientId(),
                        record.session(),
                        record.createdAt(),
                        new Principal(
                                record.principalId(), "", record.username(), "", List.of(), 0),
                        record.expirySeconds(),
                        loops.own(record.clientId()));
        long now = loops.clock().millis();
        // A clock that was wrong, then or now, does not let it end early.
        long since = record.disconnectedAt() < record.createdAt() ? now : record.disconnectedAt();
        long ago = now - since;
        session.restoreAway(since, ago, record.will() != null, record.willDelaySeconds());
        return session;
    }

    /**
     * Puts those that the store kept in their places; all of one shard, and so of one loop. If
     * there are two of a name, the newer one has the place, and the older one ends.
     */
    void put(Collection<Session> restored) {
        List<Session> older = new ArrayList<>();
        for (Session each : restored) {
            restoredMessages += each.tailMessages();
            Session other = byId.get(each.clientId());
            if (other == null || other.number() < each.number()) {
                byId.put(each.clientId(), each);
            } else {
                other = each;
            }
            if (other != null) {
                older.add(other);
            }
        }
        if (!restored.isEmpty()) {
            List<Session> all = List.copyOf(restored);
            Loop loop = all.get(0).loop();
            loop.execute(() -> restored(loop, all, older));
        }
    }

    /**
     * Puts one that came from elsewhere in its place, which is free; on its loop. The store has it
     * with all that it is owed.
     *
     * @param then gets why it could not be read, or null
     */
    void arrived(Session session, Consumer<@Nullable Throwable> then) {
        session.loop().counters().owed += session.tailMessages();
        byId.put(session.clientId(), session);
        if (common.paged()) {
            again(session);
            then.accept(null);
        } else {
            session.load(
                    failure -> {
                        again(session);
                        then.accept(failure);
                    });
        }
    }

    BrokerLimits limits() {
        return limits;
    }

    Loops loops() {
        return loops;
    }

    Common common() {
        return common;
    }

    private void restored(Loop loop, List<Session> all, List<Session> older) {
        older.forEach(session -> session.end(false));
        for (Session session : all) {
            if (!common.paged()) {
                if (!session.isEnded()) {
                    session.load(failure -> {});
                }
            } else if (session.expirySeconds() == 0 && !session.isWillStored()) {
                // It ended with its connection: before its client can come.
                end(session, ClientEvent.SessionEnd.EXPIRED);
            }
        }
        awaitUp(loop, all);
    }

    /** Nothing is due before the server has come up: wills are for whoever judges messages, too. */
    private void awaitUp(Loop loop, List<Session> restored) {
        if (!isUp.getAsBoolean()) {
            loop.atNextTick(() -> awaitUp(loop, restored));
            return;
        }
        for (Session each : restored) {
            if (each.loop() == loop) { // others have moved with their clients
                again(each);
            }
        }
    }

    // ---- the end of a session

    /**
     * What follows when a session has lost its connection: it ends now, or after its Session Expiry
     * Interval [MQTT5-3.1.2-23]. On its loop.
     */
    public void disconnected(Session session) {
        if (session.expirySeconds() == 0 || session.isUnused()) {
            end(session, ClientEvent.SessionEnd.CONNECTION);
        } else if (!session.isEnded()) {
            session.rest();
            agendas.of(session.loop()).add(session);
        }
    }

    /** Its client has come back and wants it; on its loop. */
    void wanted(Session session) {
        agendas.of(session.loop()).remove(session);
    }

    /** The moment of a session without a connection has come. */
    private void due(Session session) {
        if (session.attached() != null || session.isEnded()) {
            return;
        }
        if (session.isWillStored()) {
            // Before all else: it is sent in either case. It is not in the agenda meanwhile.
            session.loadWill(() -> again(session));
            return;
        }
        if (session.isExpired()) {
            expired.incrementAndGet();
            end(session, ClientEvent.SessionEnd.EXPIRED);
            return;
        }
        if (session.isWillDue()) {
            willDue.accept(session);
        }
        again(session);
    }

    private void again(Session session) {
        if (!session.isEnded()) {
            agendas.of(session.loop()).add(session);
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
        if (session.isEnded()) {
            return;
        }
        agendas.of(session.loop()).remove(session);
        if (session.isWillStored()) {
            // It has to be read before the store forgets it.
            session.loadWill(
                    () -> {
                        session.forgetUnreadWill();
                        endNow(session, cause, actor);
                    });
        } else {
            endNow(session, cause, actor);
        }
    }

    /** Ends it, also if its client or others have done something with it meanwhile. */
    private void endNow(Session session, ClientEvent.SessionEnd cause, @Nullable Actor actor) {
        Attached connection = session.attached();
        if (connection != null) {
            if (actor != null) {
                connection.end(ReasonCode.ADMINISTRATIVE_ACTION, "the session was ended", actor);
            } else {
                connection.end(ReasonCode.SESSION_TAKEN_OVER, null, ClientEvent.Cause.TAKEN_OVER);
            }
        }
        if (session.isEnded()) {
            return;
        }
        agendas.of(session.loop()).remove(session);
        try {
            session.end(isLossOf(cause));
        } finally {
            byId.remove(session.clientId(), session);
            ending.ended(session, cause, actor);
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
