package io.busbar.mqtt.broker.session;

import io.busbar.api.broker.DropCause;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.limit.DeliveryLimits;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Counters;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.memory.Meter;
import io.busbar.mqtt.broker.topic.Subscription;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.ReasonDetails;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a session still has to send to its client, MQTT 5.0 sections 4.3, 4.4 and 4.9.
 * They are kept in order, sent as fast as the client takes them, and removed when they are
 * acknowledged. Confined to the event loop of the session, except for methods that say otherwise.
 */
public final class Outbound {
    /** A session that is owed less does not count for what its identity holds. */
    private static final long SMALL_QUEUE = 2 << 10;

    private final Session session;
    private final DeliveryLimits limits;
    private final Clock clock;
    private final Drops drops;
    private final Congestion congestion = new Congestion();
    private final OwedMessages owed = new OwedMessages();
    private volatile @Nullable Sender sender;
    private volatile boolean slow;
    private int inflight;
    private int connection;
    private long sequence;
    private long releases;
    private long toldBytes;

    Outbound(Session session, DeliveryLimits limits, Clock clock, DropListener dropListener) {
        this.session = session;
        this.limits = limits;
        this.clock = clock;
        this.drops = new Drops(session.clientId(), dropListener);
    }

    // ---- for any thread

    /** How many messages are owed, sent or not. */
    public int owedCount() {
        return owed.count();
    }

    /** How many messages were sent and not acknowledged. */
    public int inflight() {
        return inflight;
    }

    /** Bytes that all that is owed takes; any thread, a moment old. */
    public long owedBytes() {
        return owed.bytes();
    }

    Congestion congestion() {
        return congestion;
    }

    /** Whether it passes messages on. */
    boolean isOpen() {
        return sender != null;
    }

    /** Whether it passes messages on through this connection. */
    boolean isOpen(Sender through) {
        return sender == through;
    }

    /** Whether the client is behind. */
    boolean isSlow() {
        return slow || owed.unsentCount() > 0;
    }

    // ---- its connection

    /** A connection has come: what is owed has to be sent again, when it is open. */
    void rewind() {
        sender = null;
        nothingInflight();
        owed.rewind();
    }

    /**
     * CONNACK is sent: sends what is owed, that which was sent before first and with DUP
     * [MQTT5-4.4.0-1] [MQTT5-3.3.1-1].
     */
    public void open(Sender out) {
        sender = out;
        release(out);
        pump(out);
    }

    /**
     * Sends PUBREL again, in the order in which PUBREC came [MQTT311-4.6.0-6]. A Receive Maximum
     * does not hold it back [MQTT5-4.9.0-3], nor does it count for one.
     */
    private void release(Sender out) {
        List<Owed> released = new ArrayList<>(0);
        for (Owed each = owed.first(); each != null && each.packetId != 0; each = each.next) {
            if (each.isReleased()) {
                released.add(each);
            }
        }
        released.sort(Comparator.comparingLong(each -> each.released));
        for (Owed each : released) {
            out.send(new PubRel(each.packetId, ReasonCode.SUCCESS));
        }
    }

    /** The connection is gone. */
    void close() {
        sender = null;
        nothingInflight();
        slow = false;
        congestion.end();
    }

    private void nothingInflight() {
        counters().inflight -= inflight;
        inflight = 0;
        connection++;
    }

    private Counters counters() {
        return session.loop().counters();
    }

    /**
     * Takes back what is owed, one after the other, for others to get; null if there is no more.
     */
    @Nullable Owed take() {
        Owed first = owed.first();
        if (first != null) {
            remove(first);
        }
        return first;
    }

    /** Brings back a message from the store; not counted, the loop does not know it yet. */
    void restore(Message message, Delivery delivery, long number, int packetId, boolean released) {
        Routed routed = new Routed(message, null, 0);
        session.loop().memory().queues().add(routed.keep() + Footprint.OWED);
        Owed restored =
                new Owed(
                        routed,
                        delivery.qos(),
                        delivery.retain(),
                        delivery.subscriptionIdentifiers(),
                        delivery.share(),
                        number);
        restored.packetId = packetId;
        restored.tracked = packetId != 0;
        restored.released = released ? ++releases : 0;
        sequence = Math.max(sequence, number);
        owed.add(restored);
        tellHolder();
    }

    // ---- messages

    /** Takes a message that a subscription brought. */
    void accept(Routed routed, Match match) {
        Message message = routed.message();
        // [MQTT5-3.8.4-8]; RETAIN as published, or 0 [MQTT5-3.3.1-12] [MQTT5-3.3.1-13]
        accept(
                routed,
                message.qos().min(match.qos()),
                message.retain() && match.retainAsPublished(),
                match.identifiers(),
                match.share() == null ? null : match.share().filter());
    }

    /**
     * Delivers a Retained Message that a new subscription found: with RETAIN set [MQTT5-3.3.1-8].
     */
    public void acceptRetained(Routed routed, Subscription subscription) {
        accept(
                routed,
                routed.message().qos().min(subscription.qos()),
                true,
                subscription.identifiers(),
                null);
    }

    private void accept(
            Routed routed, Qos qos, boolean retain, int[] identifiers, @Nullable String share) {
        Sender out = sender;
        if (session.isEnded() || !session.mayReceive(routed.message().topic())) {
            return;
        }
        if (qos == Qos.AT_MOST_ONCE) {
            if (out != null) {
                acceptAtMostOnce(out, routed, retain, identifiers);
            }
            return;
        }
        if (out == null && !session.isDurable() && session.attached() == null) {
            return;
        }
        StorageException trouble = session.isDurable() ? session.loop().storeTrouble() : null;
        if (trouble != null) {
            routed.failed(trouble);
            drop(DropCause.NOT_STORED);
            return;
        }
        if (isFull(routed) && !makeRoom()) {
            drop(DropCause.QUEUE_FULL);
            return;
        }
        Meter queues = session.loop().queues();
        long held = Math.max(owed.bytes(), session.holder().queued());
        if (!queues.hasRoom(held, Footprint.OWED + routed.footprint())) {
            drop(DropCause.MEMORY_FULL);
            return;
        }
        queues.add(Footprint.OWED + routed.keep());
        Owed message = new Owed(routed, qos, retain, identifiers, share, ++sequence);
        if (session.isDurable()) {
            StoreBatch batch = session.batch();
            batch.enqueue(
                    session.number(),
                    message.sequence,
                    session.loop().numberOf(batch, routed.message()),
                    new Delivery(qos, retain, identifiers, share),
                    0);
            if (routed.source() != null && !session.loop().isLastAwaiting(routed)) {
                routed.hold();
                session.loop().await(routed);
            }
        }
        owed.add(message);
        tellHolder();
        counters().owed++;
        if (out != null) {
            pump(out);
            if (owed.unsentCount() * 2 > limits.maxQueuedMessages()
                    || owed.bytes() * 2 > limits.maxQueuedBytes()) {
                congest();
            }
        }
    }

    private void acceptAtMostOnce(Sender out, Routed routed, boolean retain, int[] identifiers) {
        ClientLink link = out.link();
        if (!link.isWritable()) {
            congest();
            long pending = link.pendingBytes();
            if (pending > limits.maxBacklogBytes()) {
                drop(DropCause.NOT_WRITABLE);
                return;
            }
            if (!session.loop().memory().backlogs().hasRoom(pending, routed.footprint())) {
                drop(DropCause.MEMORY_FULL);
                return;
            }
        }
        if (!out.send(routed, Qos.AT_MOST_ONCE, retain, identifiers, 0, false)) {
            drop(DropCause.TOO_LARGE);
        }
    }

    private void drop(DropCause cause) {
        drop(cause, 1);
    }

    /** So many messages are lost. */
    void drop(DropCause cause, long count) {
        drops.add(session.loop(), cause, count);
    }

    private void congest() {
        slow = true;
        session.loop().congest(congestion);
    }

    private boolean isFull(Routed routed) {
        return owed.unsentCount() >= limits.maxQueuedMessages()
                || owed.unsentCount() > 0
                        && owed.bytes() + routed.footprint() + Footprint.OWED
                                > limits.maxQueuedBytes();
    }

    private boolean makeRoom() {
        Owed oldest = limits.dropOldest() ? owed.unsent() : null;
        while (oldest != null && oldest.packetId != 0) {
            oldest = oldest.next;
        }
        if (oldest == null) {
            return false;
        }
        forget(oldest);
        drop(DropCause.QUEUE_FULL);
        return true;
    }

    /**
     * Sends what waits, as far as the client takes it: never more than its Receive Maximum
     * [MQTT5-3.3.4-9], in order [MQTT5-4.6.0-6].
     */
    private void pump(Sender out) {
        ClientLink link = out.link();
        for (Owed next; (next = owed.unsent()) != null; ) {
            if (next.isReleased()) {
                owed.sent(); // when the connection was opened
                continue;
            }
            if (inflight >= out.receiveMaximum()) {
                break;
            }
            if (!link.isWritable()) {
                congest();
                break;
            }
            send(out, next);
        }
    }

    private void send(Sender out, Owed message) {
        long expiresAt = message.routed.message().expiresAt();
        if (expiresAt != Long.MAX_VALUE && expiresAt <= clock.millis()) {
            // [MQTT5-3.3.2-5]; one that was sent before is completed nevertheless, the client may
            // have it.
            if (message.packetId == 0) {
                drop(DropCause.EXPIRED);
                forget(message);
                return;
            }
        }
        if (message.packetId == 0 && !session.mayReceive(message.routed.message().topic())) {
            forget(message);
            return;
        }
        boolean again = message.packetId != 0;
        if (!again) {
            owed.identify(message);
            if (session.isDurable()) {
                message.tracked = true;
                session.batch()
                        .outbound(
                                session.number(),
                                message.sequence,
                                message.packetId,
                                OutboundState.PUBLISHED);
                if (message.qos == Qos.EXACTLY_ONCE) {
                    // Exactly once, even if the server ends now: the identifier has to be durable
                    // before the client sees it.
                    sent(message);
                    session.loop().onceDurable(() -> transmitOnce(out, message));
                    return;
                }
            }
        }
        sent(message);
        transmit(out, message, again);
    }

    private void sent(Owed message) {
        owed.sent();
        message.sentOn = connection;
        inflight++;
        counters().inflight++;
    }

    /** It counts no more for the client's Receive Maximum, if it did. */
    private void settled(Owed message) {
        if (message.sentOn == connection) {
            message.sentOn = 0;
            inflight--;
            counters().inflight--;
        }
    }

    private void transmit(Sender out, Owed message, boolean dup) {
        if (!out.send(
                message.routed,
                message.qos,
                message.retain,
                message.identifiers,
                message.packetId,
                dup)) {
            // Too large for this client: as if it had been delivered [MQTT5-3.1.2-25].
            drop(DropCause.TOO_LARGE);
            settled(message);
            forget(message);
        }
    }

    private void transmitOnce(Sender out, Owed message) {
        if (sender == out && owed.byId(message.packetId) == message) {
            transmit(out, message, false);
            goOn(); // it may have been too large, and its place is free
        }
    }

    /** What its identity is owed by all sessions; in steps, so that usual queues cost nothing. */
    private void tellHolder() {
        long bytes = owed.portion();
        boolean grown = bytes > Math.max(toldBytes, SMALL_QUEUE);
        boolean shrunk = toldBytes > 0 && (bytes <= SMALL_QUEUE || bytes < toldBytes / 2);
        if (grown || shrunk) {
            long told = bytes <= SMALL_QUEUE ? 0 : bytes + bytes / 4;
            session.holder().addQueued(told - toldBytes);
            toldBytes = told;
        }
    }

    private void remove(Owed message) {
        owed.remove(message);
        tellHolder();
        session.loop().queues().add(-(Footprint.OWED + message.routed.letGo()));
        counters().owed--;
    }

    private void forget(Owed message) {
        remove(message);
        if (session.isDurable()) {
            session.batch().acknowledge(session.number(), message.sequence, message.tracked);
        }
    }

    /**
     * PUBACK: the client has the message; an error code ends the exchange as well. False if it is
     * the wrong answer to what was sent; without effect if nothing was.
     */
    public boolean acknowledged(int packetId) {
        Owed message = owed.byId(packetId);
        if (message == null) {
            return true;
        }
        if (message.qos != Qos.AT_LEAST_ONCE) {
            return false;
        }
        completed(message);
        return true;
    }

    private void completed(Owed message) {
        settled(message);
        forget(message);
        goOn();
    }

    private void goOn() {
        Sender out = sender;
        if (out != null) {
            pump(out);
            if (slow) {
                relieve(out);
            }
        }
    }

    private void relieve(Sender out) {
        if (out.link().isWritable()
                && owed.unsentCount() * 4L <= limits.maxQueuedMessages()
                && owed.bytes() <= limits.maxQueuedBytes() / 4 + 1) {
            slow = false;
            congestion.end();
        }
    }

    /**
     * PUBREC: PUBREL follows [MQTT5-4.3.3-4], unless it reports an error [MQTT5-4.3.3-4]. False if
     * it is the wrong answer to what was sent.
     */
    public boolean received(int packetId, ReasonCode reason, Sender out) {
        Owed message = owed.byId(packetId);
        if (message == null) {
            if (!reason.isError()) {
                out.send(
                        new PubRel(
                                packetId,
                                ReasonCode.PACKET_IDENTIFIER_NOT_FOUND,
                                ReasonDetails.of("nothing was sent with this Packet Identifier")));
            }
            return true;
        }
        if (message.qos != Qos.EXACTLY_ONCE) {
            return false;
        }
        if (reason.isError()) {
            completed(message);
            return true;
        }
        if (!message.isReleased()) {
            message.released = ++releases;
            if (session.isDurable()) {
                message.tracked = true;
                session.batch()
                        .outbound(
                                session.number(),
                                message.sequence,
                                packetId,
                                OutboundState.RELEASED);
            }
        }
        session.whenDurable(out, new PubRel(packetId, ReasonCode.SUCCESS));
        return true;
    }

    /** PUBCOMP: the exchange is complete. False if it is the wrong answer to what was sent. */
    public boolean completed(int packetId) {
        Owed message = owed.byId(packetId);
        if (message == null) {
            return true;
        }
        if (!message.isReleased()) {
            return false;
        }
        completed(message);
        return true;
    }

    /** The link takes data again. */
    public void writable() {
        goOn();
    }
}
