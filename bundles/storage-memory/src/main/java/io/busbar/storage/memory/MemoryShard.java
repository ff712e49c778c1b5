package io.busbar.storage.memory;

import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.InboundMessage;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sessions and what they own. Guarded by its own lock. */
final class MemoryShard implements ShardView {
    private final Map<Long, Owned> sessions = new TreeMap<>();
    private final Map<Long, DeliveryMark> marks = new TreeMap<>();

    /**
     * A session with all that is deleted with it. Changes that come before its record create it.
     */
    private static final class Owned {
        @Nullable SessionRecord record;
        final Map<String, SubscriptionRecord> subscriptions = new LinkedHashMap<>();
        final TreeMap<Long, QueuedMessage> queue = new TreeMap<>();
        final InboundMessages inbound = new InboundMessages();
        long received;
    }

    private Owned owned(long session) {
        return sessions.computeIfAbsent(session, number -> new Owned());
    }

    synchronized void enqueue(long session, QueuedMessage message) {
        owned(session).queue.put(message.sequence(), message);
    }

    synchronized void outbound(long session, long sequence, int packetId, OutboundState state) {
        Owned owned = sessions.get(session);
        QueuedMessage message = owned == null ? null : owned.queue.get(sequence);
        if (owned != null && message != null) {
            owned.queue.put(
                    sequence,
                    new QueuedMessage(
                            sequence, message.message(), message.delivery(), packetId, state));
        }
    }

    synchronized void acknowledge(long session, long fromSequence, long toSequence) {
        Owned owned = sessions.get(session);
        if (owned == null) {
            return;
        }
        if (fromSequence == toSequence) {
            owned.queue.remove(fromSequence);
        } else {
            owned.queue.subMap(fromSequence, true, toSequence, true).clear();
        }
    }

    synchronized void inbound(long session, InboundMessage message) {
        owned(session).inbound.put(message);
    }

    synchronized void releaseInbound(long session, int packetId) {
        Owned owned = sessions.get(session);
        if (owned != null) {
            owned.inbound.remove(packetId);
        }
    }

    synchronized void received(long session, long number) {
        owned(session).received = number;
    }

    synchronized void mark(long slot, DeliveryMark mark) {
        marks.put(slot, mark);
    }

    synchronized void deleteMark(long slot) {
        marks.remove(slot);
    }

    synchronized void putSession(SessionRecord session) {
        owned(session.session()).record = session;
    }

    synchronized void deleteSession(long session) {
        sessions.remove(session);
    }

    synchronized void putSubscription(long session, SubscriptionRecord subscription) {
        owned(session).subscriptions.put(subscription.filter(), subscription);
    }

    synchronized void deleteSubscription(long session, String filter) {
        Owned owned = sessions.get(session);
        if (owned != null) {
            owned.subscriptions.remove(filter);
        }
    }

    @Override
    public synchronized void sessions(Consumer<SessionRecord> visitor) {
        for (Owned owned : sessions.values()) {
            if (owned.record != null) {
                visitor.accept(owned.record);
            }
        }
    }

    @Override
    public synchronized void sessions(
            Consumer<SessionRecord> visitor, SubscriptionVisitor subscriptions) {
        sessions.forEach(
                (session, owned) -> {
                    if (owned.record != null) {
                        visitor.accept(owned.record);
                    }
                    owned.subscriptions
                            .values()
                            .forEach(each -> subscriptions.visit(session, each));
                });
    }

    @Override
    public synchronized void queues(QueueVisitor visitor) {
        sessions.forEach(
                (session, owned) -> {
                    if (!owned.queue.isEmpty()) {
                        long bytes = 0;
                        for (QueuedMessage each : owned.queue.values()) {
                            bytes += each.message().sizeBytes();
                        }
                        visitor.visit(session, owned.queue.size(), bytes);
                    }
                });
    }

    @Override
    public synchronized Optional<SessionRecord> session(long session) {
        Owned owned = sessions.get(session);
        return owned == null ? Optional.empty() : Optional.ofNullable(owned.record);
    }

    @Override
    public synchronized List<SubscriptionRecord> subscriptions(long session) {
        Owned owned = sessions.get(session);
        return owned == null ? List.of() : List.copyOf(owned.subscriptions.values());
    }

    @Override
    public synchronized List<QueuedMessage> queue(
            long session, long fromSequence, int maxCount, long maxBytes) {
        List<QueuedMessage> page = new ArrayList<>();
        Owned owned = sessions.get(session);
        if (owned == null) {
            return page;
        }
        long bytes = 0;
        for (QueuedMessage message : owned.queue.tailMap(fromSequence, true).values()) {
            bytes += message.message().sizeBytes();
            if (page.size() >= maxCount || !page.isEmpty() && bytes > maxBytes) {
                break;
            }
            page.add(message);
        }
        return page;
    }

    @Override
    public synchronized List<InboundMessage> inbound(long session) {
        Owned owned = sessions.get(session);
        return owned == null ? List.of() : owned.inbound.all();
    }

    @Override
    public synchronized long received(long session) {
        Owned owned = sessions.get(session);
        return owned == null ? 0 : owned.received;
    }

    @Override
    public synchronized void marks(MarkVisitor visitor) {
        marks.forEach(visitor::visit);
    }
}
