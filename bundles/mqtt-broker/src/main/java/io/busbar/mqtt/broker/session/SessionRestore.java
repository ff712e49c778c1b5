package io.busbar.mqtt.broker.session;

import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.broker.topic.Subscription;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Restores sessions from the store when the broker starts, before it takes any connection. */
public final class SessionRestore {
    private static final Logger LOG = LoggerFactory.getLogger(SessionRestore.class);
    private static final int PAGE_MESSAGES = 1_000;
    private static final long PAGE_BYTES = 4 << 20;

    private final Sessions sessions;
    private final Clock clock;

    /** Makes that of a broker. */
    public SessionRestore(Sessions sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    /**
     * Brings back the sessions of a shard. One that cannot be read is left out.
     *
     * @param restored is told of each that is back
     */
    public void restore(ShardView view, Consumer<Session> restored) {
        List<SessionRecord> records = new ArrayList<>();
        view.sessions(records::add);
        for (SessionRecord record : records) {
            try {
                Session session = read(view, record);
                if (sessions.put(session)) {
                    restored.accept(session);
                }
            } catch (RuntimeException failure) {
                LOG.error(
                        "Session not restored: {} (clientId={})",
                        failure.toString(),
                        record.clientId());
            }
        }
    }

    private Session read(ShardView view, SessionRecord record) {
        long now = clock.millis();
        Session session = sessions.remake(record);
        // Connected when the server ended: its time runs from now.
        long since = record.disconnectedAt() == 0 ? now : record.disconnectedAt();
        session.restoreDisconnected(since);
        session.will(record.will(), record.willDelaySeconds());
        for (SubscriptionRecord subscription : view.subscriptions(record.session())) {
            session.restoreSubscription(Subscription.of(subscription, session));
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
            sessions.expireAfter(session, since + record.expirySeconds() * 1000 - now);
        }
        return session;
    }
}
