package io.busbar.mqtt.broker.session;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Principal;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.topic.Subscription;
import io.busbar.mqtt.broker.topic.SubscriptionTree;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sessions by Client Identifier: who gets one, when it ends, bringing them back from the store.
 * Thread-safe.
 */
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final int PAGE_MESSAGES = 1_000;
    private static final long PAGE_BYTES = 4 << 20;

    private final Loops loops;
    private final SubscriptionTree tree;
    private final BrokerLimits limits;
    private final Ending ending;
    private final TakeOvers takeOvers;
    private final DropListener drops;
    private final ConcurrentHashMap<String, Session> byId = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Integer> connections = new ConcurrentHashMap<>();
    private final Claims claims = new Claims();
    private final AtomicLong numbers;
    private final AtomicInteger online = new AtomicInteger();
    private final AtomicInteger maxOnline = new AtomicInteger();
    private final AtomicLong expired = new AtomicLong();
    private final AtomicLong revocations = new AtomicLong();

    /** Messages that restored sessions brought along, before loops counted. */
    private long restoredMessages;

    /** Makes the set of a broker. */
    public Sessions(
            Loops loops,
            SubscriptionTree tree,
            BrokerLimits limits,
            Ending ending,
            TakeOvers takeOvers,
            DropListener drops) {
        this.loops = loops;
        this.tree = tree;
        this.limits = limits;
        this.ending = ending;
        this.takeOvers = takeOvers;
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

    /** Connections that have one, or are about to get one. */
    public int online() {
        return online.get();
    }

    /** The most that were connected at once. */
    public int maxOnline() {
        return maxOnline.get();
    }

    /** How many ended by time. */
    public long expired() {
        return expired.get();
    }

    // ---- who gets a session

    /**
     * Gives a connection the session of its Client Identifier, taking it from another connection if
     * need be [MQTT5-3.1.4-3]. Called on its loop; the answer comes there.
     */
    public void claim(Claimant claimant) {
        Claim claim = new Claim(claimant);
        switch (claims.acquire(
                claimant.clientId(), () -> claimant.loop().execute(() -> take(claim)))) {
            case HELD -> take(claim);
            case REFUSED -> claimant.refused(Claimant.Refusal.TOO_MANY_CLAIMS);
            case WAITS -> {}
        }
    }

    /** One connection's turn at a Client Identifier. Handed from loop to loop, never shared. */
    private final class Claim {
        final Claimant claimant;
        private boolean entered;
        private boolean closed;

        Claim(Claimant claimant) {
            this.claimant = claimant;
        }

        Loop loop() {
            return claimant.loop();
        }

        /** Counts the connection; false if its identity has as many as it may. */
        boolean enter(boolean replaces) {
            entered = Sessions.this.enter(claimant.principal(), replaces);
            return entered;
        }

        /** Counts it no more. */
        void leave() {
            if (entered) {
                entered = false;
                Sessions.this.leave(claimant.principal().id());
            }
        }

        /** The connection has its session, and is counted until it closes. */
        void grant(Session session, boolean present) {
            entered = false;
            claimant.granted(session, present);
        }

        /** Ends the turn: the next may come. */
        void close() {
            if (!closed) {
                closed = true;
                claims.release(claimant.clientId());
            }
        }

        /** Ends the turn without a session; on any loop. */
        void refuse(Claimant.Refusal why) {
            leave();
            run(
                    loop(),
                    () -> {
                        try {
                            if (!claimant.isGone()) {
                                claimant.refused(why);
                            }
                        } finally {
                            close();
                        }
                    });
        }

        void fail(Loop at, Throwable failure) {
            at.failed("claim", failure);
            refuse(Claimant.Refusal.FAILED);
        }
    }

    private static void run(Loop loop, Runnable action) {
        if (loop.inLoop()) {
            action.run();
        } else {
            loop.execute(action);
        }
    }

    private void take(Claim claim) {
        try {
            if (claim.claimant.isGone()) {
                claim.close();
                return;
            }
            Session session = byId.get(claim.claimant.clientId());
            if (session == null) {
                fresh(claim);
            } else if (session.loop().inLoop()) {
                takeFrom(session, claim);
            } else {
                session.execute(() -> takeFrom(session, claim));
            }
        } catch (RuntimeException | LinkageError failure) {
            claim.fail(claim.loop(), failure);
        }
    }

    /** On the loop of the session. */
    private void takeFrom(Session session, Claim claim) {
        try {
            takeNow(session, claim);
        } catch (RuntimeException | LinkageError failure) {
            claim.fail(session.loop(), failure);
        }
    }

    private void takeNow(Session session, Claim claim) {
        Claimant claimant = claim.claimant;
        if (claimant.isGone()) {
            claim.close();
            return;
        }
        if (session.isEnded()) {
            run(claim.loop(), () -> fresh(claim));
            return;
        }
        if (!session.principal().id().equals(claimant.principal().id())) {
            // Without touching the session: or anybody could end it who knows its name.
            claim.refuse(Claimant.Refusal.HELD_BY_ANOTHER);
            return;
        }
        Attached old = session.attached();
        // A connection that is taken over makes room for the one that takes it. Whoever finds none
        // is refused before anything is changed.
        if (!claim.enter(old != null)) {
            claim.refuse(Claimant.Refusal.TOO_MANY_CONNECTIONS);
            return;
        }
        if (old != null) {
            takeOvers.tookOver(session, old.address(), claimant.address());
            old.end(ReasonCode.SESSION_TAKEN_OVER, null, ClientEvent.Cause.TAKEN_OVER);
        }
        if (claimant.cleanStart() || session.isEnded()) {
            end(session, ClientEvent.SessionEnd.CLEAN_START); // [MQTT5-3.1.2-4]
            run(claim.loop(), () -> freshInPlace(claim));
            return;
        }
        Loop from = session.loop();
        if (session.moveTo(claim.loop())) {
            claim.loop().execute(() -> resume(session, claim));
            loops.fence(
                    from,
                    () ->
                            claim.loop()
                                    .execute(
                                            () -> {
                                                try {
                                                    session.unfence();
                                                } finally {
                                                    claim.close();
                                                }
                                            }));
        } else {
            run(
                    claim.loop(),
                    () -> {
                        resume(session, claim);
                        claim.close();
                    });
        }
    }

    private void resume(Session session, Claim claim) {
        if (claim.claimant.isGone()) {
            claim.leave();
        } else if (session.isEnded()) {
            freshInPlace(claim); // it was ended on its way here
        } else {
            claim.grant(session, true);
        }
    }

    private void fresh(Claim claim) {
        if (byId.size() >= limits.sessions().max()) {
            claim.refuse(Claimant.Refusal.TOO_MANY_SESSIONS);
        } else if (!claim.enter(false)) {
            claim.refuse(Claimant.Refusal.TOO_MANY_CONNECTIONS);
        } else {
            freshInPlace(claim);
        }
    }

    /** Makes a session for a claimant whose connection is counted, and which has a place. */
    private void freshInPlace(Claim claim) {
        Claimant claimant = claim.claimant;
        try {
            if (claimant.isGone()) {
                claim.leave();
                return;
            }
            Session session =
                    new Session(
                            claimant.clientId(),
                            numbers.incrementAndGet(),
                            loops.clock().millis(),
                            claimant.principal(),
                            claimant.expirySeconds(),
                            claimant.loop(),
                            tree,
                            limits.deliveries(),
                            loops.clock(),
                            drops);
            byId.put(claimant.clientId(), session);
            claim.grant(session, false);
        } catch (RuntimeException | LinkageError failure) {
            claim.fail(claim.loop(), failure);
        } finally {
            claim.close();
        }
    }

    /**
     * How often connections of an identity were ended by {@link #revoked}: who was let in before
     * the last time is let in no more.
     */
    public long revocations() {
        return revocations.get();
    }

    /** An identity may not be here any more: said before its connections are looked for. */
    public void revoked() {
        revocations.incrementAndGet();
    }

    // ---- connections of an identity

    /**
     * Counts a connection of an identity; false if it has as many as it may.
     *
     * @param replaces whether it takes the place of one that is about to leave
     */
    private boolean enter(Principal principal, boolean replaces) {
        int max = replaces ? 0 : principal.maxConnections();
        boolean[] entered = new boolean[1];
        connections.compute(
                principal.id(),
                (id, count) -> {
                    int now = count == null ? 0 : count;
                    if (max > 0 && now >= max) {
                        return count;
                    }
                    entered[0] = true;
                    return now + 1;
                });
        if (entered[0]) {
            int now = online.incrementAndGet();
            if (!replaces) {
                maxOnline.accumulateAndGet(now, Math::max);
            }
        }
        return entered[0];
    }

    /** A connection of an identity is gone. */
    public void leave(String principalId) {
        connections.computeIfPresent(principalId, (id, count) -> count <= 1 ? null : count - 1);
        online.decrementAndGet();
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

    private void expireAfter(Session session, long millis) {
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

    private void end(Session session, ClientEvent.SessionEnd cause) {
        end(session, cause, null);
    }

    private void end(Session session, ClientEvent.SessionEnd cause, @Nullable Actor actor) {
        if (!session.isEnded()) {
            try {
                session.end();
            } finally {
                byId.remove(session.clientId(), session);
                ending.ended(session, cause, actor);
            }
        }
    }

    // ---- restoring

    /**
     * Brings back the sessions of a shard. They belong to the broker's own loop until their clients
     * come. Called before any connection.
     */
    public void restore(ShardView view, java.util.function.Consumer<Session> restored) {
        for (SessionRecord record : view.sessions()) {
            try {
                Session session = restore(view, record);
                restoredMessages += session.outbound().owedCount();
                Session other = byId.get(record.clientId());
                if (other == null || other.number() < session.number()) {
                    byId.put(record.clientId(), session);
                    if (other != null) {
                        loops.home().execute(other::end);
                    }
                    restored.accept(session);
                } else {
                    loops.home().execute(session::end);
                }
            } catch (RuntimeException failure) {
                LOG.error(
                        "Session not restored: {} (clientId={})",
                        failure.toString(),
                        record.clientId());
            }
        }
    }

    private Session restore(ShardView view, SessionRecord record) {
        numbers.accumulateAndGet(record.session(), Math::max);
        long now = loops.clock().millis();
        Session session =
                new Session(
                        record.clientId(),
                        record.session(),
                        record.createdAt(),
                        new Principal(
                                record.principalId(), "", record.username(), "", List.of(), 0),
                        record.expirySeconds(),
                        loops.home(),
                        tree,
                        limits.deliveries(),
                        loops.clock(),
                        drops);
        // Connected when the server ended: its time runs from now.
        long since = record.disconnectedAt() == 0 ? now : record.disconnectedAt();
        session.restoreDisconnected(since);
        session.will(record.will(), record.willDelaySeconds());
        for (SubscriptionRecord subscription : view.subscriptions(record.session())) {
            session.restoreSubscription(
                    new Subscription(
                            TopicFilter.of(subscription.filter()),
                            session,
                            subscription.qos(),
                            subscription.noLocal(),
                            subscription.retainAsPublished(),
                            subscription.retainHandling(),
                            subscription.identifier()));
        }
        for (int packetId : view.inbound(record.session())) {
            session.restoreInbound(packetId);
        }
        long from = 0;
        List<QueuedMessage> page;
        while (!(page = view.queue(record.session(), from, PAGE_MESSAGES, PAGE_BYTES)).isEmpty()) {
            for (QueuedMessage message : page) {
                session.outbound()
                        .restore(
                                message.message(),
                                message.delivery(),
                                message.sequence(),
                                message.packetId(),
                                message.state() == OutboundState.RELEASED);
                from = message.sequence() + 1;
            }
        }
        if (record.expirySeconds() != Session.NEVER) {
            expireAfter(session, since + record.expirySeconds() * 1000 - now);
        }
        return session;
    }
}
