package io.busbar.mqtt.broker.session;

import io.busbar.api.broker.DropCause;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.StorageException;
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
    private final Common common;
    private final DeliveryLimits limits;
    private final Clock clock;
    private final Congestion congestion = new Congestion();
    private final OwedMessages owed = new OwedMessages();
    private final Window window;
    private volatile @Nullable Sender sender;
    private volatile boolean slow;
    private int inflight;
    private int connection;
    private long releases;
    private long toldBytes;

    Outbound(Session session, Common common) {
        this.session = session;
        this.common = common;
        this.limits = common.limits();
        this.clock = common.clock();
        this.window = new Window(session, this, owed, limits.stored());
    }

    // ---- for any thread

    /** How many messages of it are in memory, sent or not. */
    int owedCount() {
        return owed.count();
    }

    /** How many messages were sent and not acknowledged. */
    int inflight() {
        return inflight;
    }

    /** Bytes of memory that what is owed takes; any thread, a moment old. */
    long owedBytes() {
        return owed.bytes();
    }

    /** What it counts for in the store; any thread, a moment old. */
    long storedBytes() {
        return owed.storedBytes();
    }

    /** Whether nothing of it is in memory. */
    boolean isEmpty() {
        return owed.count() == 0;
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
        return slow || owed.unsentCount() > 0 || session.tailMessages() > 0;
    }

    /** What it sends through, or null. */
    @Nullable Sender sender() {
        return sender;
    }

    /** How many messages wait in memory; a moment old. */
    int unsentCount() {
        return owed.unsentCount();
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
        window.fill();
    }

    /**
     * Sends PUBREL again, in the order in which PUBREC came [MQTT311-4.6.0-6]. A Receive Maximum
     * does not hold it back [MQTT5-4.9.0-3], nor does it count for one.
     */
    private void release(Sender out) {
        for (Owed each : released()) {
            out.send(new PubRel(each.packetId, ReasonCode.SUCCESS));
        }
    }

    private List<Owed> released() {
        List<Owed> released = new ArrayList<>(0);
        for (Owed each = owed.first(); each != null && each.packetId != 0; each = each.next) {
            if (each.isReleased()) {
                released.add(each);
            }
        }
        released.sort(Comparator.comparingLong(each -> each.released));
        return released;
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
        window.end();
        Owed first = owed.first();
        if (first != null) {
            remove(first);
        }
        return first;
    }

    /**
     * Brings back what the store has of the queue's beginning: what is in flight, and what is next.
     *
     * @param order Packet Identifiers for which PUBREL is owed, in the order in which PUBREC came;
     *     those that are missing come last
     */
    void load(List<QueuedMessage> beginning, int[] order) {
        for (QueuedMessage each : beginning) {
            add(each);
        }
        for (int packetId : order) {
            Owed message = owed.byId(packetId);
            if (message != null && message.isReleased()) {
                message.released = ++releases;
            }
        }
        for (Owed each = owed.first(); each != null && each.packetId != 0; each = each.next) {
            if (each.released < 0) {
                each.released = ++releases;
            }
        }
        window.begin();
    }

    /** Whether what is in flight is here, and not only in the store. */
    boolean isLoaded() {
        return window.isBegun();
    }

    /** The store has nothing that belongs in here. */
    void loaded() {
        window.begin();
    }

    /** What was in the tail is in memory from now on. */
    void add(QueuedMessage next) {
        Message message = next.message();
        Delivery delivery = next.delivery();
        Routed routed = new Routed(message, null, 0);
        session.loop().queues().add(routed.keep() + Footprint.OWED);
        Owed read =
                new Owed(
                        routed,
                        delivery.qos(),
                        delivery.retain(),
                        delivery.subscriptionIdentifiers(),
                        delivery.share(),
                        next.sequence(),
                        true);
        read.packetId = next.packetId();
        read.tracked = read.packetId != 0;
        read.released = next.state() == OutboundState.RELEASED ? -1 : 0;
        session.shrinkTail(1, read.storedBytes);
        window.added(read.sequence);
        owed.add(read);
        tellHolder();
    }

    /**
     * From now on all that is owed is in the store alone.
     *
     * @return Packet Identifiers for which PUBREL is owed, in the order in which PUBREC came
     */
    int[] unload() {
        window.end();
        session.growTail(owed.count(), owed.storedBytes());
        int[] order = released().stream().mapToInt(each -> each.packetId).toArray();
        for (Owed first; (first = owed.first()) != null; ) {
            owed.remove(first);
            session.loop().queues().add(-(Footprint.OWED + first.routed.letGo()));
        }
        tellHolder();
        return order;
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
                match);
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
            Routed routed, Qos qos, boolean retain, int[] identifiers, @Nullable Match match) {
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
            session.notStored(routed, match, trouble);
            return;
        }
        String share = match == null || match.share() == null ? null : match.share().filter();
        if (isFull(routed) && !makeRoom()) {
            drop(DropCause.QUEUE_FULL);
            return;
        }
        if (!session.isPaged()) {
            Meter queues = session.loop().queues();
            long held = Math.max(owed.bytes(), session.holder().queued());
            if (!queues.hasRoom(held, Footprint.OWED + routed.footprint())) {
                drop(DropCause.MEMORY_FULL);
                return;
            }
        } else if (!window.takes(routed)) {
            session.queue(routed, qos, retain, identifiers, share);
            if (out != null) {
                window.fill();
                congestIfBehind();
            }
            return;
        }
        boolean stored = session.isDurable();
        session.loop().queues().add(Footprint.OWED + routed.keep());
        Owed message =
                new Owed(routed, qos, retain, identifiers, share, session.nextSequence(), stored);
        boolean atOnce = stored && out != null && sendsAtOnce(out, routed.message());
        owed.add(message);
        if (atOnce) {
            owed.identify(message);
        }
        if (stored) {
            session.store(
                    routed,
                    message.sequence,
                    new Delivery(qos, retain, identifiers, share),
                    message.packetId);
            window.added(message.sequence);
        }
        tellHolder();
        counters().owed++;
        if (out != null) {
            if (atOnce) {
                sendIdentified(out, message);
            }
            pump(out);
            congestIfBehind();
        }
    }

    /** Whether a message that comes now is sent now, because nothing waits. */
    private boolean sendsAtOnce(Sender out, Message message) {
        long expiresAt = message.expiresAt();
        return owed.unsentCount() == 0
                && inflight < out.receiveMaximum()
                && owed.hasIdentifier()
                && out.link().isWritable()
                && (expiresAt == Long.MAX_VALUE || expiresAt > clock.millis());
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
        common.drops(session.loop()).add(session.clientId(), cause, count);
    }

    private void congest() {
        slow = true;
        session.loop().congest(congestion);
    }

    /** Whether there is no room for one more; any thread, a moment old. */
    boolean isFull(Routed routed) {
        long waiting = (long) owed.unsentCount() + session.tailMessages();
        if (session.isPaged()) {
            long bytes = owed.storedBytes() + session.tailBytes() + routed.message().sizeBytes();
            return waiting >= limits.stored().maxMessages()
                    || waiting > 0 && bytes > limits.stored().maxBytes();
        }
        return waiting >= limits.maxQueuedMessages()
                || waiting > 0
                        && owed.bytes() + routed.footprint() + Footprint.OWED
                                > limits.maxQueuedBytes();
    }

    /** Whether so much waits that publishers have to be slowed down, or much less. */
    private boolean isBehind(int part) {
        long waiting = (long) owed.unsentCount() + session.tailMessages();
        return session.isPaged()
                ? waiting * part > limits.stored().maxMessages()
                        || owed.storedBytes() + session.tailBytes()
                                > limits.stored().maxBytes() / part
                : waiting * part > limits.maxQueuedMessages()
                        || owed.bytes() > limits.maxQueuedBytes() / part + 1;
    }

    private void congestIfBehind() {
        if (isBehind(2)) {
            congest();
        }
    }

    private boolean makeRoom() {
        if (!limits.dropOldest()) {
            return false;
        }
        if (dropOldest()) {
            return true;
        }
        // The oldest is in the store, and is dropped when it has been read.
        return session.isPaged()
                && session.tailMessages() < limits.stored().maxMessages() + (long) Overflow.MOST;
    }

    private boolean dropOldest() {
        Owed oldest = owed.unsent();
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

    /** Drops the oldest while more waits than may, because they could not be dropped before. */
    void trim() {
        while (limits.dropOldest()
                && owed.unsentCount() + session.tailMessages() > limits.stored().maxMessages()) {
            if (!dropOldest()) {
                return;
            }
        }
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
            if (inflight >= out.receiveMaximum() || next.packetId == 0 && !owed.hasIdentifier()) {
                break; // it goes on with the next acknowledgement
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
        if (message.packetId != 0) {
            sent(message);
            transmit(out, message, true);
            return;
        }
        owed.identify(message);
        if (session.isDurable()) {
            message.tracked = true;
            session.batch()
                    .outbound(
                            session.number(),
                            message.sequence,
                            message.packetId,
                            OutboundState.PUBLISHED);
        }
        sendIdentified(out, message);
    }

    /** Sends it for the first time; the store has its identifier. */
    private void sendIdentified(Sender out, Owed message) {
        sent(message);
        if (message.qos == Qos.EXACTLY_ONCE && session.isDurable()) {
            // Exactly once, even if the server ends now: the identifier has to be durable before
            // the client sees it.
            session.loop().onceDurable(() -> transmitOnce(out, message));
        } else {
            transmit(out, message, false);
        }
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

    /** Something has changed: sends and reads on. */
    void goOn() {
        Sender out = sender;
        if (out != null) {
            pump(out);
            window.fill();
            if (slow) {
                relieve(out);
            }
        }
    }

    private void relieve(Sender out) {
        if (out.link().isWritable() && !isBehind(4)) {
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
