package io.busbar.storage.memory;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.InboundMessage;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.SubscriptionRecord;
import java.util.ArrayList;
import java.util.List;

/** Changes as they were asked for, to be carried out one after the other under the shard's lock. */
final class MemoryBatch implements StoreBatch {
    /** One change. */
    @FunctionalInterface
    interface Change {
        void applyTo(MemoryShard shard, MemoryStore store);
    }

    private final List<Message> messages = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();

    List<Change> changes() {
        return changes;
    }

    @Override
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    @Override
    public int size() {
        return changes.size();
    }

    @Override
    public long bytes() {
        return 0; // a commit is complete when it returns
    }

    @Override
    public int message(Message message) {
        messages.add(message);
        return messages.size() - 1;
    }

    @Override
    public void enqueue(long session, long sequence, int message, Delivery delivery, int packetId) {
        QueuedMessage queued =
                new QueuedMessage(
                        sequence,
                        messages.get(message),
                        delivery,
                        packetId,
                        packetId == 0 ? null : OutboundState.PUBLISHED);
        changes.add((shard, store) -> shard.enqueue(session, queued));
    }

    @Override
    public void outbound(long session, long sequence, int packetId, OutboundState state) {
        changes.add((shard, store) -> shard.outbound(session, sequence, packetId, state));
    }

    @Override
    public void acknowledge(long session, long sequence, boolean tracked) {
        changes.add((shard, store) -> shard.acknowledge(session, sequence, sequence));
    }

    @Override
    public void acknowledgeRange(long session, long fromSequence, long toSequence) {
        changes.add((shard, store) -> shard.acknowledge(session, fromSequence, toSequence));
    }

    @Override
    public void inbound(long session, InboundMessage message) {
        changes.add((shard, store) -> shard.inbound(session, message));
    }

    @Override
    public void releaseInbound(long session, int packetId) {
        changes.add((shard, store) -> shard.releaseInbound(session, packetId));
    }

    @Override
    public void received(long session, long number) {
        changes.add((shard, store) -> shard.received(session, number));
    }

    @Override
    public void mark(long slot, DeliveryMark mark) {
        changes.add((shard, store) -> shard.mark(slot, mark));
    }

    @Override
    public void deleteMark(long slot) {
        changes.add((shard, store) -> shard.deleteMark(slot));
    }

    @Override
    public void putSession(SessionRecord session) {
        changes.add((shard, store) -> shard.putSession(session));
    }

    @Override
    public void deleteSession(long session) {
        changes.add((shard, store) -> shard.deleteSession(session));
    }

    @Override
    public void putSubscription(long session, SubscriptionRecord subscription) {
        changes.add((shard, store) -> shard.putSubscription(session, subscription));
    }

    @Override
    public void deleteSubscription(long session, String filter) {
        changes.add((shard, store) -> shard.deleteSubscription(session, filter));
    }

    @Override
    public void retain(int message) {
        Message retained = messages.get(message);
        changes.add((shard, store) -> store.retain(retained));
    }

    @Override
    public void deleteRetained(TopicName topic) {
        changes.add((shard, store) -> store.forget(topic));
    }
}
