package io.busbar.mqtt.broker.session;

import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.SubscriptionRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores sessions from the store when the broker starts, before it takes any connection: without
 * their messages, which stay where they are until a client comes for them.
 */
public final class SessionRestore {
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
        List<Collection<Session>> read =
                owners.parallelStream().map(owner -> read(owner.view())).toList();
        return () -> read.forEach(sessions::put);
    }

    private Collection<Session> read(ShardView view) {
        Map<Long, Session> restored = new HashMap<>();
        view.sessions(record -> add(restored, record));
        view.subscriptions(
                (number, subscription) -> add(restored.get(number), number, subscription));
        view.queues(
                (number, count, bytes) -> {
                    Session session = restored.get(number);
                    if (session != null) {
                        session.growTail((int) Math.min(Integer.MAX_VALUE, count), bytes);
                    }
                });
        return restored.values();
    }

    private void add(Map<Long, Session> restored, SessionRecord record) {
        try {
            restored.put(record.session(), sessions.remake(record));
        } catch (RuntimeException failure) {
            LOG.error(
                    "Session not restored: {} (clientId={})",
                    failure.toString(),
                    record.clientId());
        }
    }

    private static void add(
            @Nullable Session session, long number, SubscriptionRecord subscription) {
        if (session == null) {
            return;
        }
        try {
            session.restoreSubscription(subscription);
        } catch (RuntimeException failure) {
            LOG.error(
                    "Subscription not restored: {} (clientId={}, session={}, filter={})",
                    failure.toString(),
                    session.clientId(),
                    number,
                    subscription.filter());
        }
    }
}
