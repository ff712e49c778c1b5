package io.busbar.mqtt.broker.transfer;

import io.busbar.api.audit.Actor;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.transfer.BrokerState;
import io.busbar.mqtt.broker.session.Admission;
import io.busbar.mqtt.broker.session.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the broker keeps, for others to read, and sessions from elsewhere that it takes up. */
public final class KeptState implements BrokerState {
    private static final Logger LOG = LoggerFactory.getLogger(KeptState.class);

    private final Admission admission;
    private final RetainedView retained;

    /** Makes that of a broker. */
    public KeptState(Admission admission, RetainedView retained) {
        this.admission = admission;
        this.retained = retained;
    }

    @Override
    public SessionWalk sessions() {
        return new KeptSessions(admission.kept());
    }

    @Override
    public MessageWalk retained() {
        return new KeptMessages(retained, admission::now);
    }

    @Override
    public Arrival arrive(SessionRecord record, boolean replace, boolean dryRun, Actor actor) {
        check(record);
        if (isExpired(record)) {
            return new NoArrival(Arrival.Outcome.EXPIRED);
        }
        String clientId = record.clientId();
        admission.hold(clientId);
        boolean taken = false;
        try {
            boolean exists = admission.exists(clientId);
            if (exists && !replace) {
                return new NoArrival(Arrival.Outcome.EXISTS);
            }
            if (admission.isConnected(clientId)) {
                throw new IllegalArgumentException(
                        "its client is connected; disconnect it to replace its session");
            }
            if (!exists && admission.isFull()) {
                throw new IllegalArgumentException("there are as many sessions as there may be");
            }
            if (exists && !dryRun) {
                LOG.info("Session ends for an imported one (clientId={}, by={})", clientId, actor);
                admission.end(clientId, actor);
            }
            Arrival arrival =
                    new Arriving(
                            admission,
                            record,
                            exists ? Arrival.Outcome.REPLACES : Arrival.Outcome.CREATES,
                            dryRun);
            taken = true;
            return arrival;
        } finally {
            if (!taken) {
                admission.letGo(clientId);
            }
        }
    }

    private void check(SessionRecord record) {
        String clientId = record.clientId();
        if (clientId.isEmpty()
                || clientId.length() > admission.limits().connects().maxClientIdLength()
                || clientId.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("its Client Identifier is not valid");
        }
        if (record.expirySeconds() < 1 || record.expirySeconds() > Session.NEVER) {
            throw new IllegalArgumentException(
                    "expirySeconds is " + record.expirySeconds() + " (expected: 1 to 4294967295)");
        }
    }

    private boolean isExpired(SessionRecord record) {
        return record.disconnectedAt() != 0
                && record.expirySeconds() != Session.NEVER
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
        public void complete() {
            throw nothing();
        }

        @Override
        public void close() {}
    }
}
