package io.busbar.mqtt.broker.transfer;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.InboundMessage;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardOwner;
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
import org.jspecify.annotations.Nullable;

/**
 * A session on its way into the store, and then into the broker. It is gathered here until it is
 * whole. If it has more messages than should be held in memory, they go to the store meanwhile,
 * which has it marked as one that is not whole: should the server end, the next start removes it,
 * and the session that it was to replace is still there. Until then it has no subscriptions either.
 * Confined to one thread.
 */
final class Arriving implements BrokerState.Arrival {
    private static final int MOST_PACKET_IDS = 65_535;

    /** So many messages, or bytes of them, are held in memory. */
    private static final int MOST_MESSAGES = 1_000;

    private static final long MOST_BYTES = 1 << 20;

    private final SessionArrivals all;
    private final Admission admission;
    private final SessionRecord record;
    private final Outcome outcome;
    private final List<SubscriptionRecord> subscriptions = new ArrayList<>();
    private final Set<String> filters = new HashSet<>();
    private final BitSet inbound = new BitSet();
    private final BitSet sent = new BitSet();
    private final QueueRoom queue;

    /** Messages that the store does not have yet, and their bytes. */
    private final List<QueuedMessage> gathered = new ArrayList<>();

    private long gatheredBytes;

    /** Writes what is not whole; null if all of it is in memory. */
    private @Nullable ShardFilling filling;

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
        this.queue = admission.queueRoom(record, all.foreseenQueues());
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
                admission.hasRoom(record, held + more, all.foreseenSessions()),
                "there is no memory for it: GET /api/v1/memory says what holds most");
    }

    @Override
    public void inbound(int packetId) {
        requirePacketId(packetId);
        require(!inbound.get(packetId), "Packet Identifier " + packetId + " came already");
        inbound.set(packetId);
    }

    @Override
    public void queue(QueuedMessage queued) {
        Message message = queued.message();
        String problem = admission.limits().problemOf(message);
        require(problem == null, "the message has " + problem);
        check(queued.delivery(), message.qos());
        checkProgress(queued);
        require(queue.take(message), "there is no room in the queue of the session");
        if (queued.packetId() == 0) {
            waiting = true;
        } else {
            sent.set(queued.packetId());
        }
        if (!all.isDryRun()) {
            gather(queued);
        }
    }

    private void gather(QueuedMessage queued) {
        gathered.add(
                new QueuedMessage(
                        queue.messages(), // below all numbers that the broker gives to what comes
                        queued.message(),
                        queued.delivery(),
                        queued.packetId(),
                        queued.state()));
        gatheredBytes += queued.message().sizeBytes();
        if (gathered.size() >= MOST_MESSAGES || gatheredBytes >= MOST_BYTES) {
            writeGathered();
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

    private void writeGathered() {
        ShardFilling open = filling;
        if (open == null) {
            open = new ShardFilling(owner());
            filling = open;
            open.batch().putSession(Admission.unfinished(record));
        }
        QueueBatch messages = new QueueBatch();
        gathered.forEach(each -> messages.add(record.session(), each));
        gathered.clear();
        gatheredBytes = 0;
        messages.writeTo(open.batch());
        open.commit();
    }

    @Override
    public void complete(Runnable there) {
        requireMemory(0);
        requireStore();
        complete = true;
        all.whole(this, there);
    }

    /** While the store cannot write, it makes no promises. */
    private void requireStore() {
        StorageException trouble = owner().trouble();
        if (trouble != null) {
            throw trouble;
        }
    }

    // ---- when it is whole

    String clientId() {
        return record.clientId();
    }

    SessionRecord record() {
        return record;
    }

    ShardOwner owner() {
        return admission.ownerOf(record.clientId());
    }

    /** Whether the store has a part of it already. */
    boolean isLarge() {
        return filling != null;
    }

    /** Bytes that it is going to hold in memory. */
    long held() {
        return held;
    }

    /** Bytes of it that wait to be written, about. */
    long bytes() {
        Message will = record.will();
        return held + gatheredBytes + (will == null ? 0 : will.sizeBytes());
    }

    /** Its queue is there, or foreseen. */
    void foreseeQueue() {
        queue.foresee();
    }

    /**
     * Puts all that the store does not have into a batch: after it, it is whole.
     *
     * @param messages takes those that are queued, for the same batch
     */
    void writeTo(StoreBatch batch, QueueBatch messages) {
        long number = record.session();
        batch.putSession(record);
        subscriptions.forEach(each -> batch.putSubscription(number, each));
        inbound.stream().forEach(each -> batch.inbound(number, new InboundMessage(each, 0)));
        gathered.forEach(each -> messages.add(number, each));
    }

    /** The store has it: it goes to its place. */
    Admission.Entry enter() {
        return admission.admit(record, subscriptions, queue.messages(), queue.bytes());
    }

    /** Removes it from the store, which may have it or get it; nobody waits for that. */
    void remove() {
        try {
            StoreBatch batch = owner().newBatch();
            batch.deleteSession(record.session());
            owner().commit(batch, Durability.PROCESS);
        } catch (StorageException failure) {
            // The next start removes it, if it is not whole.
        }
    }

    /** Its client may come. */
    void letGo() {
        if (!closed) {
            closed = true;
            admission.letGo(record.clientId());
        }
    }

    @Override
    public void close() {
        if (complete) {
            return; // others have it
        }
        if (isLarge()) {
            remove();
        }
        letGo();
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
