package io.busbar.mqtt.broker.transfer;

import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.transfer.BrokerState;
import io.busbar.mqtt.broker.limit.StoredLimits;
import io.busbar.mqtt.broker.session.Admission;
import io.busbar.mqtt.broker.store.ShardFilling;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A session on its way into the store, and then into the broker. Until it is complete, the store
 * has it as one that ends at once: should the server end meanwhile, the next start removes it.
 * Until then it has no subscriptions either, so that its messages of Shared Subscriptions are
 * removed with it and do not go to other members, who would get them again when the import is
 * repeated. Confined to one thread.
 */
final class Arriving implements BrokerState.Arrival {
    private static final int MOST_PACKET_IDS = 65_535;

    private final Admission admission;
    private final SessionRecord record;
    private final Outcome outcome;
    private final boolean dryRun;
    private final ShardFilling filling;
    private final List<SubscriptionRecord> subscriptions = new ArrayList<>();
    private final Set<String> filters = new HashSet<>();
    private final BitSet inbound = new BitSet();
    private final BitSet sent = new BitSet();
    private boolean begun;
    private boolean waiting;
    private boolean complete;
    private boolean closed;
    private int messages;
    private long bytes;

    Arriving(Admission admission, SessionRecord record, Outcome outcome, boolean dryRun) {
        this.admission = admission;
        this.record = here(record, admission);
        this.outcome = outcome;
        this.dryRun = dryRun;
        this.filling = new ShardFilling(admission.ownerOf(record.clientId()));
    }

    /** As this broker has it; one that was connected counts from now on. */
    private static SessionRecord here(SessionRecord it, Admission admission) {
        return new SessionRecord(
                admission.nextNumber(it.clientId()),
                it.clientId(),
                it.principalId(),
                it.username(),
                it.expirySeconds(),
                it.createdAt(),
                it.disconnectedAt() == 0 ? admission.now() : it.disconnectedAt(),
                it.will(),
                it.willDelaySeconds());
    }

    @Override
    public Outcome outcome() {
        return outcome;
    }

    @Override
    public void subscribe(SubscriptionRecord subscription) {
        String problem = TopicFilter.problemOf(subscription.filter());
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        require(
                !admission.limits().topics().tooDeep(TopicFilter.of(subscription.filter())),
                "the filter has too many levels");
        int most = admission.limits().sessions().maxSubscriptions();
        require(subscriptions.size() < most, "a session may have " + most + " subscriptions");
        require(filters.add(subscription.filter()), "the session has this filter already");
        subscriptions.add(subscription);
    }

    @Override
    public void inbound(int packetId) {
        requirePacketId(packetId);
        require(!inbound.get(packetId), "Packet Identifier " + packetId + " came already");
        inbound.set(packetId);
        if (!dryRun) {
            batch().inbound(record.session(), packetId);
        }
    }

    @Override
    public void queue(QueuedMessage queued) {
        Qos qos = queued.delivery().qos();
        require(qos != Qos.AT_MOST_ONCE, "messages of QoS 0 are not queued");
        StoredLimits limits = admission.limits().deliveries().stored();
        long size = queued.message().sizeBytes();
        require(
                messages < limits.maxMessages()
                        && (messages == 0 || bytes + size <= limits.maxBytes()),
                "the queue of the session is full");
        int packetId = queued.packetId();
        boolean released = queued.state() == OutboundState.RELEASED;
        if (packetId == 0) {
            require(queued.state() == null, "a message that was sent has a Packet Identifier");
            waiting = true;
        } else {
            requirePacketId(packetId);
            require(!waiting, "messages that were sent come before those that wait");
            require(!sent.get(packetId), "Packet Identifier " + packetId + " is used already");
            require(
                    queued.state() == OutboundState.PUBLISHED
                            || released && qos == Qos.EXACTLY_ONCE,
                    "its state is not that of a message that was sent with this QoS");
            sent.set(packetId);
        }
        messages++;
        bytes += size;
        if (!dryRun) {
            // Below all numbers that the broker gives to what comes later.
            long sequence = messages;
            StoreBatch batch = batch();
            int body = batch.message(queued.message());
            batch.enqueue(record.session(), sequence, body, queued.delivery(), packetId);
            if (released) {
                batch.outbound(record.session(), sequence, packetId, OutboundState.RELEASED);
            }
            filling.add(size);
        }
    }

    private StoreBatch batch() {
        if (begun) {
            filling.commitIfFull();
        } else {
            begun = true;
            filling.batch().putSession(unfinished());
        }
        return filling.batch();
    }

    private SessionRecord unfinished() {
        return new SessionRecord(
                record.session(),
                record.clientId(),
                record.principalId(),
                record.username(),
                0,
                record.createdAt(),
                admission.now(),
                null,
                0);
    }

    @Override
    public void complete() {
        require(
                admission.hasRoom(record, subscriptions),
                "there is no memory for it: GET /api/v1/memory says what holds most");
        if (!dryRun) {
            // In one commit, or a start could find a part of it.
            StoreBatch last = batch();
            subscriptions.forEach(each -> last.putSubscription(record.session(), each));
            last.putSession(record);
            filling.commit();
            // From now on it is whole, and comes with the next start if not now.
            complete = true;
            admission.admit(record, subscriptions, messages, bytes);
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
