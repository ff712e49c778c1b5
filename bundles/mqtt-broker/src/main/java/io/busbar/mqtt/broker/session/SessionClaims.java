package io.busbar.mqtt.broker.session;

import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Loops;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives a connection the session of its Client Identifier: a new session, or the existing one,
 * which may have to be taken over from another connection. Only one connection at a time is handled
 * for each identifier. Thread-safe.
 */
public final class SessionClaims {
    private final Loops loops;
    private final Sessions sessions;
    private final TakeOvers takeOvers;
    private final ClientIdLocks locks = new ClientIdLocks();
    private final ConnectionCount connections = new ConnectionCount();
    private final AtomicLong revocations = new AtomicLong();

    /** Makes those of a broker. */
    public SessionClaims(Loops loops, Sessions sessions, TakeOvers takeOvers) {
        this.loops = loops;
        this.sessions = sessions;
        this.takeOvers = takeOvers;
    }

    /**
     * Gives a connection the session of its Client Identifier, taking it from another connection if
     * need be [MQTT5-3.1.4-3]. Called on its loop; the answer comes there.
     */
    public void claim(Claimant claimant) {
        Claim claim = new Claim(claimant);
        switch (locks.acquire(
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
            entered = connections.enter(claimant.principal(), replaces);
            return entered;
        }

        /** Counts it no more. */
        void leave() {
            if (entered) {
                entered = false;
                connections.leave(claimant.principal().id());
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
                locks.release(claimant.clientId());
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

    /** Whether there is a session of a client. */
    public boolean exists(String clientId) {
        return sessions.get(clientId) != null;
    }

    /** Lets nobody else have a Client Identifier: {@link ClientIdLocks#acquire}. */
    ClientIdLocks.Outcome hold(String clientId, Runnable later) {
        return locks.acquire(clientId, later);
    }

    /** Lets the next one have it. */
    void letGo(String clientId) {
        locks.release(clientId);
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
            Session session = sessions.get(claim.claimant.clientId());
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
        boolean own = session.principal().id().equals(claimant.principal().id());
        if (!own && !claimant.outranks(session.principal())) {
            // Without touching the session: or anybody could end it who knows its name.
            claim.refuse(Claimant.Refusal.HELD_BY_ANOTHER);
            return;
        }
        Attached old = session.attached();
        if (!sessions.hasRoom(claimant, session)) {
            claim.refuse(Claimant.Refusal.NO_MEMORY);
            return;
        }
        // A connection that is taken over makes room for the one that takes it. Whoever finds none
        // is refused before anything is changed.
        if (!claim.enter(own && old != null)) {
            claim.refuse(Claimant.Refusal.TOO_MANY_CONNECTIONS);
            return;
        }
        if (!own) {
            evict(session, old);
            run(claim.loop(), () -> freshInPlace(claim));
            return;
        }
        if (old != null) {
            takeOvers.tookOver(session, old.address(), claimant.address());
            old.end(ReasonCode.SESSION_TAKEN_OVER, null, ClientEvent.Cause.TAKEN_OVER);
        }
        if (claimant.cleanStart() || session.isEnded()) {
            sessions.end(session, ClientEvent.SessionEnd.CLEAN_START); // [MQTT5-3.1.2-4]
            run(claim.loop(), () -> freshInPlace(claim));
            return;
        }
        if (old == null && session.isExpired()) {
            // What is due may wait while the server starts; its client may not [MQTT5-4.1.0-2].
            sessions.end(session, ClientEvent.SessionEnd.EXPIRED);
            run(claim.loop(), () -> freshInPlace(claim));
            return;
        }
        sessions.wanted(session);
        if (session.isToBeLoaded()) {
            // What was written about messages in flight has to be seen.
            session.loop()
                    .settled(
                            session.clientId(),
                            failure -> run(session.loop(), () -> settled(session, claim, failure)));
        } else {
            move(session, claim);
        }
    }

    private void settled(Session session, Claim claim, @Nullable Throwable failure) {
        try {
            if (failure == null) {
                move(session, claim);
            } else {
                notLoaded(session, claim);
            }
        } catch (RuntimeException | LinkageError thrown) {
            failed(session, claim, thrown);
        }
    }

    /** The session stays without a connection, as it was. */
    private void failed(Session session, Claim claim, Throwable failure) {
        claim.fail(session.loop(), failure);
        if (session.attached() == null && !session.isEnded()) {
            sessions.disconnected(session);
        }
    }

    /** To the loop of its connection; there, when all that went by the old loop has arrived. */
    private void move(Session session, Claim claim) {
        sessions.wanted(session); // It may have come back into the agenda meanwhile.
        Loop from = session.loop();
        Loop to = claim.loop();
        boolean loading = session.isToBeLoaded();
        if (!session.moveTo(to)) {
            load(session, claim, loading);
            return;
        }
        loops.fence(
                from,
                () ->
                        to.execute(
                                () -> {
                                    try {
                                        session.unfence();
                                    } finally {
                                        load(session, claim, loading);
                                    }
                                }));
    }

    private void load(Session session, Claim claim, boolean loading) {
        try {
            if (loading && !session.isEnded()) {
                session.load(failure -> loaded(session, claim, failure));
            } else {
                session.appear();
                resume(session, claim);
            }
        } catch (RuntimeException | LinkageError failure) {
            failed(session, claim, failure);
        }
    }

    private void loaded(Session session, Claim claim, @Nullable Throwable failure) {
        if (failure == null) {
            resume(session, claim);
        } else {
            session.loop().failed("reading a session", failure);
            notLoaded(session, claim);
        }
    }

    private void notLoaded(Session session, Claim claim) {
        if (!session.isEnded()) {
            sessions.disconnected(session);
        }
        claim.refuse(Claimant.Refusal.NOT_READ);
    }

    /**
     * Ends the session of an identity that used the Client Identifier of another one: the owner
     * gets none of what was meant for it.
     */
    private void evict(Session session, @Nullable Attached old) {
        if (old != null) {
            old.end(
                    ReasonCode.SESSION_TAKEN_OVER,
                    "the Client Identifier belongs to other credentials",
                    ClientEvent.Cause.TAKEN_OVER);
        }
        sessions.end(session, ClientEvent.SessionEnd.OWNER_CONNECTED);
    }

    private void resume(Session session, Claim claim) {
        try {
            if (session.isEnded()) {
                freshInPlace(claim); // it was ended on its way here
            } else if (claim.claimant.isGone()) {
                claim.leave();
                sessions.disconnected(session);
            } else {
                claim.grant(session, true);
            }
        } finally {
            claim.close();
        }
    }

    private void fresh(Claim claim) {
        if (sessions.isFull()) {
            claim.refuse(Claimant.Refusal.TOO_MANY_SESSIONS);
        } else if (!sessions.hasRoom(claim.claimant, null)) {
            claim.refuse(Claimant.Refusal.NO_MEMORY);
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
            claim.grant(
                    sessions.open(
                            claimant.clientId(),
                            claimant.principal(),
                            claimant.expirySeconds(),
                            claimant.loop()),
                    false);
        } catch (RuntimeException | LinkageError failure) {
            claim.fail(claim.loop(), failure);
        } finally {
            claim.close();
        }
    }

    /** The connection of an identity, which had a session, is gone. */
    public void leave(String principalId) {
        connections.leave(principalId);
    }

    /** Connections that have a session, or are about to get one. */
    public int online() {
        return connections.online();
    }

    /** The most that had one at once. */
    public int maxOnline() {
        return connections.maxOnline();
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
}
