package io.busbar.mqtt.broker.transfer;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.InboundMessage;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.transfer.BrokerState;
import io.busbar.mqtt.broker.session.Admission;
import io.busbar.mqtt.broker.session.QueueRoom;
import io.busbar.mqtt.broker.store.ShardFilling;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A session on its way into the store, and then into the broker. Until it is whole, the store has
 * it marked as such: should the server end meanwhile, the next start removes it, and the session
 * that it was to replace is still there. Until then it has no subscriptions either. Confined to one
 * thread.
 */
final class Arriving implements BrokerState.Arrival {
    private static final int MOST_PACKET_IDS = 65_535;

    private final SessionArrivals all;
    private final Admission admission;
    private final SessionRecord record;
    private final Outcome outcome;
    private final ShardFilling filling;
    private final List<SubscriptionRecord> subscriptions = new ArrayList<>();
    private final Set<String> filters = new HashSet<>();
    private final BitSet inbound = new BitSet();
    private final BitSet sent = new BitSet();
    private final QueueRoom queue;
    private boolean begun;
    private boolean waiting;
    private boolean complete;
    private boolean closed;

    /** What it and its subscriptions take in memory. */
    private long held;

    Arriving(SessionArrivals all, SessionRecord record, Outcome outcome) {
        this.all = all;
        this.admission = all.admission();
        this.record = admission.numbered(record);
        this.outcome = outcome;
        this.filling = new ShardFilling(admission.ownerOf(record.clientId()));
        this.queue = admission.queueRoom(record);
        this.held = admission.sizeOf(record);
    }

    @Override
    public Outcome outcome() {
        return outcome;
    }

    @Override
    public void subscribe(SubscriptionRecord subscription) {
        TopicFilter filter = TopicFilter.of(subscription.filter());
        require(!admission.limits().topics().tooDeep(filter), "the filter has too many levels");
        require(
                !(filter.isShared() && subscription.noLocal()),
                "noLocal of a Shared Subscription"); // [MQTT5-3.8.3-4]
        requireFew(subscriptions.size() + 1, "subscriptions");
        require(!filters.contains(subscription.filter()), "the session has this filter already");
        requireMemory(admission.sizeOf(subscription));
        filters.add(subscription.filter());
        subscriptions.add(subscription);
        held += admission.sizeOf(subscription);
    }

    private void requireFew(int count, String what) {
        int most = admission.limits().sessions().maxSubscriptions();
        require(count <= most, "a session may have " + most + " " + what);
    }

    private void requireMemory(long more) {
        require(
                admission.hasRoom(record, held + more),
                "there is no memory for it: GET /api/v1/memory says what holds most");
    }

    @Override
    public void inbound(int packetId) {
        requirePacketId(packetId);
        require(!inbound.get(packetId), "Packet Identifier " + packetId + " came already");
        inbound.set(packetId);
        if (!all.isDryRun()) {
            batch().inbound(record.session(), new InboundMessage(packetId, 0));
        }
    }

    @Override
    public void queue(QueuedMessage queued) {
        Message message = queued.message();
        String problem = admission.limits().problemOf(message);
        require(problem == null, "the message has " + problem);
        check(queued.delivery(), message.qos());
        checkProgress(queued);
        require(queue.take(message), "there is no room in the queue of the session");
        int packetId = queued.packetId();
        if (packetId == 0) {
            waiting = true;
        } else {
            sent.set(packetId);
        }
        if (!all.isDryRun()) {
            // Below all numbers that the broker gives to what comes later.
            long sequence = queue.messages();
            StoreBatch batch = batch();
            int body = batch.message(message);
            batch.enqueue(record.session(), sequence, body, queued.delivery(), packetId);
            if (queued.state() == OutboundState.RELEASED) {
                batch.outbound(record.session(), sequence, packetId, OutboundState.RELEASED);
            }
            filling.add(message.sizeBytes());
        }
    }

    private void check(Delivery delivery, Qos published) {
        require(delivery.qos() != Qos.AT_MOST_ONCE, "messages of QoS 0 are not queued");
        require(
                delivery.qos().compareTo(published) <= 0,
                "its QoS is higher than that of the message"); // [MQTT5-3.8.4-8]
        String share = delivery.share();
        require(
                share == null || TopicFilter.of(share).isShared(),
                "its share is no Shared Subscription");
        requireFew(delivery.subscriptionIdentifiers().length, "Subscription Identifiers");
    }

    /** What was sent comes first, each with an identifier of its own [MQTT5-2.2.1-4]. */
    private void checkProgress(QueuedMessage queued) {
        int packetId = queued.packetId();
        OutboundState state = queued.state();
        if (packetId == 0) {
            require(state == null, "a message that was sent has a Packet Identifier");
            return;
        }
        requirePacketId(packetId);
        require(!waiting, "messages that were sent come before those that wait");
        require(!sent.get(packetId), "Packet Identifier " + packetId + " is used already");
        require(
                state == OutboundState.PUBLISHED
                        || state == OutboundState.RELEASED
                                && queued.delivery().qos() == Qos.EXACTLY_ONCE,
                "its state is not that of a message that was sent with this QoS");
    }

    private StoreBatch batch() {
        if (begun) {
            filling.commitIfFull();
        } else {
            begun = true;
            filling.batch().putSession(Admission.unfinished(record));
        }
        return filling.batch();
    }

    @Override
    public void complete() {
        requireMemory(0);
        if (all.isDryRun()) {
            all.foresee(this);
        } else {
            // In one commit, or a start could find a part of it.
            StoreBatch last = batch();
            subscriptions.forEach(each -> last.putSubscription(record.session(), each));
            last.putSession(record);
            filling.commit();
            // From now on it is whole, and comes with the next start if not now.
            complete = true;
            all.endReplaced(this, record.clientId());
            admission.admit(record, subscriptions, queue.messages(), queue.bytes());
        }
        complete = true;
        letGo();
    }

    private void letGo() {
        if (!closed) {
            closed = true;
            admission.letGo(record.clientId());
        }
    }

    @Override
    public void close() {
        try {
            if (begun && !complete) {
                filling.discard();
                filling.batch().deleteSession(record.session());
                filling.commit();
            }
        } catch (StorageException failure) {
            // The store removes it when it can write again, or the next start does.
        } finally {
            letGo();
        }
    }

    private static void requirePacketId(int packetId) {
        require(
                packetId >= 1 && packetId <= MOST_PACKET_IDS,
                "Packet Identifier " + packetId + " (expected: 1 to 65535)");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
