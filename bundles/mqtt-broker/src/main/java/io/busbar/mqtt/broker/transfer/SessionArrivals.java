package io.busbar.mqtt.broker.transfer;

import io.busbar.api.audit.Actor;
import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.transfer.BrokerState.Arrival;
import io.busbar.api.transfer.BrokerState.Arrivals;
import io.busbar.mqtt.broker.limit.SessionLimits;
import io.busbar.mqtt.broker.memory.Forecast;
import io.busbar.mqtt.broker.session.Admission;
import io.busbar.mqtt.broker.session.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up sessions, one after the other, or only foresees it: the same way up to the moment at
 * which they would be written. Confined to one thread.
 */
final class SessionArrivals implements Arrivals {
    private static final Logger LOG = LoggerFactory.getLogger(SessionArrivals.class);

    /** As long as any text that a client can send. */
    private static final int LONGEST_TEXT = 65_535;

    private final Admission admission;
    private final boolean replace;
    private final boolean dryRun;
    private final Actor actor;

    /** What sessions are going to hold that are whole, and not there. */
    private final Forecast foreseenSessions;

    private final Forecast foreseenQueues;

    /** Those of a dry run. */
    private final Names foreseen;

    private final WholeSessions whole = new WholeSessions(this::endReplaced);

    /** How many more sessions there are going to be. */
    private int more;

    SessionArrivals(Admission admission, boolean replace, boolean dryRun, Actor actor) {
        this.admission = admission;
        this.replace = replace;
        this.dryRun = dryRun;
        this.actor = actor;
        this.foreseenSessions = new Forecast(admission.memory().sessions());
        this.foreseenQueues = new Forecast(admission.memory().queues());
        this.foreseen = new Names(admission.memory().sessions());
    }

    @Override
    public Arrival begin(SessionRecord record) {
        check(record);
        SessionRecord here = admission.here(record);
        if (isExpired(here)) {
            return new NoArrival(Arrival.Outcome.EXPIRED);
        }
        String clientId = here.clientId();
        if (whole.has(clientId)) {
            settle(); // Or it would wait for itself.
        }
        admission.hold(clientId);
        boolean taken = false;
        try {
            boolean exists = foreseen.has(clientId) || admission.exists(clientId);
            if (exists && !replace) {
                return new NoArrival(Arrival.Outcome.EXISTS);
            }
            if (admission.isConnected(clientId)) {
                throw new IllegalArgumentException(
                        "its client is connected; disconnect it to replace its session");
            }
            if (!exists && admission.sessions() + more >= limits().max()) {
                throw new IllegalArgumentException("there are as many sessions as there may be");
            }
            Arrival arrival =
                    new Arriving(
                            this,
                            here,
                            exists ? Arrival.Outcome.REPLACES : Arrival.Outcome.CREATES);
            taken = true;
            return arrival;
        } finally {
            if (!taken) {
                admission.letGo(clientId);
            }
        }
    }

    Admission admission() {
        return admission;
    }

    boolean isDryRun() {
        return dryRun;
    }

    Forecast foreseenSessions() {
        return foreseenSessions;
    }

    Forecast foreseenQueues() {
        return foreseenQueues;
    }

    /** Nothing is missing of a session. */
    void whole(Arriving session, Runnable there) {
        if (session.outcome() == Arrival.Outcome.CREATES) {
            more++;
            foreseenSessions.add(session.record().principalId(), session.held());
        }
        session.foreseeQueue();
        if (dryRun) {
            foreseenSessions.counted(foreseen.add(session.clientId(), 1));
            session.letGo();
            there.run();
            return;
        }
        whole.add(session, there);
        if (whole.isFull()) {
            settle();
        }
    }

    @Override
    public void settle() {
        if (dryRun) {
            return;
        }
        try {
            whole.settle();
        } finally {
            more = 0;
            foreseenSessions.clear();
            foreseenQueues.clear();
        }
    }

    @Override
    public void close() {
        whole.close();
        foreseen.close();
    }

    /** A session is whole, and kept: if it replaces one, that ends now. */
    private void endReplaced(Arriving session) {
        if (session.outcome() == Arrival.Outcome.REPLACES) {
            LOG.info(
                    "Session ends for an imported one (clientId={}, by={})",
                    session.clientId(),
                    actor);
            admission.end(session.clientId(), actor);
        }
    }

    private SessionLimits limits() {
        return admission.limits().sessions();
    }

    private void check(SessionRecord record) {
        String clientId = record.clientId();
        require(
                !clientId.isEmpty()
                        && clientId.length() <= admission.limits().connects().maxClientIdLength()
                        && clientId.indexOf('\0') < 0,
                "its Client Identifier is not valid");
        require(
                record.principalId().length() <= LONGEST_TEXT
                        && record.username().length() <= LONGEST_TEXT,
                "its principalId or username is too long");
        require(
                record.expirySeconds() >= 1 && record.expirySeconds() <= Session.NEVER,
                "expirySeconds is " + record.expirySeconds() + " (expected: 1 to 4294967295)");
        require(
                limits().maxExpirySeconds() > 0,
                "max.session.expiry is 0: sessions end with their connection here");
        Message will = record.will();
        String problem = will == null ? null : admission.limits().problemOf(will);
        require(problem == null, "its will has " + problem);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private boolean isExpired(SessionRecord record) {
        return record.expirySeconds() != Session.NEVER
                && record.disconnectedAt() + record.expirySeconds() * 1000 <= admission.now();
    }

    /** One that is not taken up. */
    private record NoArrival(Outcome outcome) implements Arrival {
        private IllegalStateException nothing() {
            return new IllegalStateException("a session that is not taken up");
        }

        @Override
        public void subscribe(SubscriptionRecord subscription) {
            throw nothing();
        }

        @Override
        public void inbound(int packetId) {
            throw nothing();
        }

        @Override
        public void queue(QueuedMessage queued) {
            throw nothing();
        }

        @Override
        public void complete(Runnable there) {
            throw nothing();
        }

        @Override
        public void close() {}
    }
}
