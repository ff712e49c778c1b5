package io.busbar.mqtt.broker.session;

import io.busbar.api.auth.Principal;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.broker.limit.Limits;
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
    private final Limits limits;
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

    /** Makes the set of a broker. */
    public Sessions(
            Loops loops,
            SubscriptionTree tree,
            Limits limits,
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

    /** Connected ones. */
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
        claims.acquire(claimant.clientId(), () -> run(claimant.loop(), () -> take(claimant)));
    }

    /** Ends a claim: the next may come. */
    private void release(String clientId) {
        claims.release(clientId);
    }

    private static void run(Loop loop, Runnable action) {
        if (loop.inLoop()) {
            action.run();
        } else {
            loop.execute(action);
        }
    }

    private void take(Claimant claimant) {
        try {
            if (claimant.isGone()) {
                release(claimant.clientId());
                return;
            }
            Session session = byId.get(claimant.clientId());
            if (session == null) {
                enterFresh(claimant);
            } else {
                run(session.loop(), () -> takeFrom(session, claimant));
            }
        } catch (RuntimeException | LinkageError failure) {
            claimant.loop().failed("claim", failure);
            release(claimant.clientId());
        }
    }

    /** On the loop of the session. */
    private void takeFrom(Session session, Claimant claimant) {
        try {
            takeNow(session, claimant);
        } catch (RuntimeException | LinkageError failure) {
            session.loop().failed("take-over", failure);
            release(claimant.clientId());
        }
    }

    private void takeNow(Session session, Claimant claimant) {
        if (session.isEnded()) {
            run(claimant.loop(), () -> enterFresh(claimant));
            return;
        }
        if (!session.principal().id().equals(claimant.principal().id())) {
            // Without touching the session: or anybody could end it who knows its name.
            run(claimant.loop(), () -> refuse(claimant, Claimant.Refusal.HELD_BY_ANOTHER));
            return;
        }
        Attached old = session.attached();
        // A connection that is taken over makes room for the one that takes it. Whoever finds none
        // is refused before anything is changed.
        if (!enter(claimant.principal(), old != null)) {
            run(claimant.loop(), () -> refuse(claimant, Claimant.Refusal.TOO_MANY_CONNECTIONS));
            return;
        }
        if (old != null) {
            takeOvers.tookOver(session, old.address(), claimant.address());
            old.end(ReasonCode.SESSION_TAKEN_OVER, null, ClientEvent.Cause.TAKEN_OVER);
        }
        if (claimant.cleanStart() || session.isEnded()) {
            end(session, ClientEvent.SessionEnd.CLEAN_START); // [MQTT5-3.1.2-4]
            run(claimant.loop(), () -> fresh(claimant));
            return;
        }
        Loop from = session.loop();
        if (session.moveTo(claimant.loop())) {
            claimant.loop().execute(() -> resume(session, claimant));
            loops.fence(
                    from,
                    () ->
                            claimant.loop()
                                    .execute(
                                            () -> {
                                                try {
                                                    session.unfence();
                                                } finally {
                                                    release(session.clientId());
                                                }
                                            }));
        } else {
            run(
                    claimant.loop(),
                    () -> {
                        resume(session, claimant);
                        release(session.clientId());
                    });
        }
    }

    private void resume(Session session, Claimant claimant) {
        if (claimant.isGone()) {
            leave(claimant.principal().id());
            return;
        }
        try {
            claimant.granted(session, true);
        } catch (RuntimeException | LinkageError failure) {
            claimant.loop().failed("session", failure);
        }
    }

    private void enterFresh(Claimant claimant) {
        if (enter(claimant.principal(), false)) {
            fresh(claimant);
        } else {
            refuse(claimant, Claimant.Refusal.TOO_MANY_CONNECTIONS);
        }
    }

    /** Makes a session for a claimant whose connection is counted already. */
    private void fresh(Claimant claimant) {
        try {
            if (claimant.isGone()) {
                leave(claimant.principal().id());
                return;
            }
            if (byId.size() >= limits.maxSessions()) {
                leave(claimant.principal().id());
                claimant.refused(Claimant.Refusal.TOO_MANY_SESSIONS);
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
                            limits,
                            loops.clock(),
                            drops);
            byId.put(claimant.clientId(), session);
            claimant.granted(session, false);
        } catch (RuntimeException | LinkageError failure) {
            claimant.loop().failed("session", failure);
        } finally {
            release(claimant.clientId());
        }
    }

    private void refuse(Claimant claimant, Claimant.Refusal why) {
        try {
            if (!claimant.isGone()) {
                claimant.refused(why);
            }
        } finally {
            release(claimant.clientId());
        }
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
                        () ->
                                session.loop()
                                        .execute(
                                                () -> {
                                                    if (session.generation() == generation
                                                            && session.attached() == null
                                                            && !session.isEnded()) {
                                                        expired.incrementAndGet();
                                                        end(
                                                                session,
                                                                ClientEvent.SessionEnd.EXPIRED);
                                                    }
                                                }),
                        Math.max(1, millis)));
    }

    /** Ends a session; on its loop. */
    public void end(Session session, ClientEvent.SessionEnd cause) {
        if (!session.isEnded()) {
            session.end();
            byId.remove(session.clientId(), session);
            ending.ended(session, cause);
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
                        limits,
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
