package io.busbar.mqtt.broker.session;

import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.Permissions.SubscribeDecision;
import io.busbar.api.broker.DropCause;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.delivery.Share;
import io.busbar.mqtt.broker.delivery.Subscriber;
import io.busbar.mqtt.broker.gate.Rights;
import io.busbar.mqtt.broker.limit.Limits;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Durable;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.topic.Subscription;
import io.busbar.mqtt.broker.topic.SubscriptionTree;
import io.busbar.mqtt.codec.PubRel;
import java.time.Clock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What survives a Network Connection: subscriptions, and messages of QoS 1 and 2 that are owed,
 * MQTT 5.0 section 4.1. Confined to {@link #loop}, but for what is said to be for any thread. A
 * session moves to another loop when its client comes back there.
 */
public final class Session implements Subscriber {
    /** A Session Expiry Interval that never ends. */
    public static final long NEVER = 0xFFFF_FFFFL;

    private final String clientId;
    private final long number;
    private final long createdAt;
    private final SubscriptionTree tree;
    private final Limits limits;
    private final Clock clock;
    private final Congestion congestion = new Congestion();
    private final OwedMessages owed = new OwedMessages();
    private final ConcurrentHashMap<String, Subscription> subscriptions =
            new ConcurrentHashMap<>(2);
    private final BitSet inbound = new BitSet();
    private final Drops drops;

    private volatile Loop loop;
    private volatile Principal principal;
    private volatile long expirySeconds;
    private volatile long disconnectedAt;
    private volatile @Nullable Attached attached;
    private volatile @Nullable Outlet outlet;
    private volatile boolean ended;
    private volatile boolean slow;
    private @Nullable Rights rights;
    private boolean restricted;
    private boolean stored;
    private int inflight;
    private long sequence;
    private int generation;
    private @Nullable Message will;
    private long willDelaySeconds;

    // While the session has just moved: what came directly waits until all has arrived that went by
    // the old loop.
    private boolean fenced;
    private List<Runnable> waiting = List.of();

    Session(
            String clientId,
            long number,
            long createdAt,
            Principal principal,
            long expirySeconds,
            Loop loop,
            SubscriptionTree tree,
            Limits limits,
            Clock clock,
            DropListener dropListener) {
        this.clientId = clientId;
        this.number = number;
        this.createdAt = createdAt;
        this.principal = principal;
        this.expirySeconds = expirySeconds;
        this.loop = loop;
        this.tree = tree;
        this.limits = limits;
        this.clock = clock;
        this.drops = new Drops(this, dropListener);
    }

    // ---- for any thread

    public String clientId() {
        return clientId;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    public Principal principal() {
        return principal;
    }

    public long createdAt() {
        return createdAt;
    }

    /** When its connection ended, in milliseconds since the epoch, or 0 while it has one. */
    public long disconnectedAt() {
        return disconnectedAt;
    }

    public long expirySeconds() {
        return expirySeconds;
    }

    /** Its connection, or null. */
    public @Nullable Attached attached() {
        return attached;
    }

    public boolean isEnded() {
        return ended;
    }

    /** How many messages it is owed, sent or not. */
    public int owedCount() {
        return owed.count();
    }

    /** How many messages were sent and not acknowledged. */
    public int inflight() {
        return inflight;
    }

    /** How many messages it did not get since it exists here. */
    public long dropped() {
        return drops.total();
    }

    public int subscriptionCount() {
        return subscriptions.size();
    }

    /** Its subscriptions as they are kept. */
    public List<SubscriptionRecord> subscriptionRecords() {
        List<SubscriptionRecord> records = new ArrayList<>(subscriptions.size());
        for (Subscription subscription : subscriptions.values()) {
            records.add(recordOf(subscription));
        }
        return records;
    }

    @Override
    public Congestion congestion() {
        return congestion;
    }

    /** Whether it outlives its connection, and so is kept in the store. */
    @Override
    public boolean isDurable() {
        return expirySeconds > 0;
    }

    @Override
    public int readiness() {
        if (ended) {
            return GONE;
        }
        if (outlet == null) {
            return expirySeconds > 0 ? KEEPS : GONE;
        }
        return slow || owed.unsentCount() > 0 ? SLOW : READY;
    }

    @Override
    public boolean isClient() {
        return true;
    }

    // ---- rights

    /**
     * What its client may do; null for a session restored from the store whose client has not come
     * back.
     */
    public @Nullable Rights rights() {
        return rights;
    }

    /** Gives it new rights: from the next message on. */
    public void rights(Principal newPrincipal, Rights newRights) {
        principal = newPrincipal;
        rights = newRights;
        restricted = false;
        for (Subscription subscription : subscriptions.values()) {
            restrict(newRights.subscribe(subscription.filter()));
        }
    }

    private void restrict(SubscribeDecision decision) {
        restricted |= decision != SubscribeDecision.GRANTED;
    }

    // ---- subscriptions

    /** The subscription of a filter, or null. */
    public @Nullable Subscription subscription(TopicFilter filter) {
        return subscriptions.get(filter.value());
    }

    /** Adds or replaces a subscription. */
    public void subscribe(Subscription subscription, SubscribeDecision decision) {
        restrict(decision);
        subscriptions.put(subscription.filter().value(), subscription);
        tree.add(subscription);
        if (isDurable()) {
            batch().putSubscription(number, recordOf(subscription));
        }
    }

    /**
     * Removes a subscription; what it has brought already is still delivered [MQTT5-3.10.4-3].
     * False if there was none.
     */
    public boolean unsubscribe(TopicFilter filter) {
        Subscription removed = subscriptions.remove(filter.value());
        if (removed == null) {
            return false;
        }
        tree.remove(filter, this);
        if (isDurable()) {
            batch().deleteSubscription(number, filter.value());
        }
        return true;
    }

    private static SubscriptionRecord recordOf(Subscription subscription) {
        return new SubscriptionRecord(
                subscription.filter().value(),
                subscription.qos(),
                subscription.noLocal(),
                subscription.retainAsPublished(),
                subscription.retainHandling(),
                subscription.identifier());
    }

    // ---- messages out

    @Override
    public void deliver(Loop at, Routed routed, Match match) {
        Loop home = loop;
        if (home != at) {
            // It moved while the message was on its way: after it, keeping the order.
            forward(home, routed, match);
        } else if (fenced) {
            boolean held = holdIfDurable(routed);
            waiting.add(() -> acceptHeld(routed, match, held));
        } else {
            accept(routed, match);
        }
    }

    private void forward(Loop home, Routed routed, Match match) {
        boolean held = holdIfDurable(routed);
        home.execute(() -> acceptHeld(routed, match, held));
    }

    private boolean holdIfDurable(Routed routed) {
        if (isDurable() && routed.message().qos() != Qos.AT_MOST_ONCE) {
            routed.hold();
            return true;
        }
        return false;
    }

    private void acceptHeld(Routed routed, Match match, boolean held) {
        try {
            accept(routed, match);
        } finally {
            if (held) {
                routed.release();
            }
        }
    }

    private void accept(Routed routed, Match match) {
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
    public void deliverRetained(Routed routed, Subscription subscription) {
        accept(
                routed,
                routed.message().qos().min(subscription.qos()),
                true,
                subscription.identifier() == 0
                        ? Match.NO_IDENTIFIERS
                        : new int[] {subscription.identifier()},
                null);
    }

    private void accept(
            Routed routed, Qos qos, boolean retain, int[] identifiers, @Nullable String share) {
        Outlet out = outlet;
        if (ended) {
            return;
        }
        if (restricted && rights != null && !rights.mayReceive(routed.message().topic())) {
            return;
        }
        if (qos == Qos.AT_MOST_ONCE) {
            if (out != null) {
                acceptAtMostOnce(out, routed, retain, identifiers);
            }
            return;
        }
        if (out == null && !isDurable() && attached == null) {
            return;
        }
        if (isFull(routed) && !makeRoom()) {
            drops.add(DropCause.QUEUE_FULL);
            return;
        }
        Owed message = new Owed(routed, qos, retain, identifiers, share, ++sequence);
        if (isDurable()) {
            StoreBatch batch = batch();
            int number = loop.numberOf(batch, routed.message());
            batch.enqueue(
                    this.number,
                    message.sequence,
                    number,
                    new Delivery(qos, retain, identifiers, share));
            if (routed.source() != null && !loop.isLastAwaiting(routed)) {
                routed.hold();
                loop.await(routed);
            }
        }
        owed.add(message);
        if (out != null) {
            pump(out);
            if (owed.unsentCount() * 2 > limits.maxQueuedMessages()
                    || owed.bytes() * 2 > limits.maxQueuedBytes()) {
                congest();
            }
        }
    }

    private void acceptAtMostOnce(Outlet out, Routed routed, boolean retain, int[] identifiers) {
        ClientLink link = out.link();
        if (!link.isWritable()) {
            congest();
            if (link.pendingBytes() > limits.maxBacklogBytes()) {
                drops.add(DropCause.NOT_WRITABLE);
                return;
            }
        }
        if (!out.send(routed, Qos.AT_MOST_ONCE, retain, identifiers, 0, false)) {
            drops.add(DropCause.TOO_LARGE);
        }
    }

    private void congest() {
        slow = true;
        loop.congest(congestion);
    }

    private boolean isFull(Routed routed) {
        return owed.unsentCount() >= limits.maxQueuedMessages()
                || owed.unsentCount() > 0
                        && owed.bytes() + routed.message().payload().length
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
        drops.add(DropCause.QUEUE_FULL);
        return true;
    }

    /**
     * Sends what waits, as far as the client takes it: never more than its Receive Maximum
     * [MQTT5-3.3.4-9], in order [MQTT5-4.6.0-6].
     */
    private void pump(Outlet out) {
        ClientLink link = out.link();
        for (Owed next; (next = owed.unsent()) != null; ) {
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

    private void send(Outlet out, Owed message) {
        if (message.released) {
            // [MQTT5-4.4.0-1]
            owed.sent();
            inflight++;
            out.send(new PubRel(message.packetId, ReasonCode.SUCCESS));
            return;
        }
        if (message.routed.message().expiresAt() <= clock.millis()) {
            // [MQTT5-3.3.2-5]; one that was sent before is completed nevertheless, the client may
            // have it.
            if (message.packetId == 0) {
                drops.add(DropCause.EXPIRED);
                forget(message);
                return;
            }
        }
        if (restricted
                && rights != null
                && message.packetId == 0
                && !rights.mayReceive(message.routed.message().topic())) {
            forget(message);
            return;
        }
        boolean again = message.packetId != 0;
        if (!again) {
            owed.identify(message);
            if (isDurable()) {
                batch().outbound(
                                number,
                                message.sequence,
                                message.packetId,
                                OutboundState.PUBLISHED);
                if (message.qos == Qos.EXACTLY_ONCE) {
                    // Exactly once, even if the server ends now: the identifier has to be durable
                    // before the client sees it.
                    owed.sent();
                    inflight++;
                    loop.await(new SendWhenDurable(out, message));
                    return;
                }
            }
        }
        owed.sent();
        inflight++;
        transmit(out, message, again);
    }

    private void transmit(Outlet out, Owed message, boolean dup) {
        if (!out.send(
                message.routed,
                message.qos,
                message.retain,
                message.identifiers,
                message.packetId,
                dup)) {
            // Too large for this client: as if it had been delivered [MQTT5-3.1.2-25].
            drops.add(DropCause.TOO_LARGE);
            inflight--;
            forget(message);
        }
    }

    private final class SendWhenDurable implements Durable, Runnable {
        private final Outlet out;
        private final Owed message;

        SendWhenDurable(Outlet out, Owed message) {
            this.out = out;
            this.message = message;
        }

        @Override
        public void durable(@Nullable Throwable failure) {
            if (failure == null) {
                if (loop.inLoop()) {
                    run();
                } else {
                    loop.execute(this);
                }
            }
        }

        @Override
        public void run() {
            if (outlet == out && owed.byId(message.packetId) == message) {
                transmit(out, message, false);
            }
        }
    }

    private void forget(Owed message) {
        owed.remove(message);
        if (isDurable()) {
            batch().acknowledge(number, message.sequence);
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
        if (owed.isSent(message)) {
            inflight--;
        }
        forget(message);
        goOn();
    }

    private void goOn() {
        Outlet out = outlet;
        if (out != null) {
            pump(out);
            if (slow) {
                relieve(out);
            }
        }
    }

    private void relieve(Outlet out) {
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
    public boolean received(int packetId, ReasonCode reason, Outlet out) {
        Owed message = owed.byId(packetId);
        if (message == null) {
            if (!reason.isError()) {
                out.send(new PubRel(packetId, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND));
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
        if (!message.released) {
            message.released = true;
            if (isDurable()) {
                batch().outbound(number, message.sequence, packetId, OutboundState.RELEASED);
            }
        }
        whenDurable(out, new PubRel(packetId, ReasonCode.SUCCESS));
        return true;
    }

    /** PUBCOMP: the exchange is complete. False if it is the wrong answer to what was sent. */
    public boolean completed(int packetId) {
        Owed message = owed.byId(packetId);
        if (message == null) {
            return true;
        }
        if (!message.released) {
            return false;
        }
        completed(message);
        return true;
    }

    /**
     * Sends a packet when what this turn changed is durable; at once if this session is not kept.
     */
    public void whenDurable(Outlet out, io.busbar.mqtt.codec.Packet packet) {
        if (!isDurable()) {
            out.send(packet);
            return;
        }
        loop.await(
                failure -> {
                    if (failure == null) {
                        if (loop.inLoop()) {
                            out.send(packet);
                        } else {
                            loop.execute(() -> out.send(packet));
                        }
                    }
                });
    }

    /** The link takes data again. */
    public void writable() {
        goOn();
    }

    // ---- messages in

    /** Whether a message of QoS 2 with this identifier was taken over and waits for PUBREL. */
    public boolean isInbound(int packetId) {
        return inbound.get(packetId);
    }

    /** Remembers that it was taken over: exactly once [MQTT5-4.3.3-10]. */
    public void inbound(int packetId) {
        inbound.set(packetId);
        if (isDurable()) {
            batch().inbound(number, packetId);
        }
    }

    /** PUBREL came; false if nothing waited for it. */
    public boolean releaseInbound(int packetId) {
        if (!inbound.get(packetId)) {
            return false;
        }
        inbound.clear(packetId);
        if (isDurable()) {
            batch().releaseInbound(number, packetId);
        }
        return true;
    }

    // ---- life

    private StoreBatch batch() {
        return loop.batch(clientId);
    }

    /** The Will Message not yet sent, or null. */
    public @Nullable Message will() {
        return will;
    }

    public long willDelaySeconds() {
        return willDelaySeconds;
    }

    /** Keeps or forgets the Will Message. */
    public void will(@Nullable Message message, long delaySeconds) {
        will = message;
        willDelaySeconds = delaySeconds;
    }

    /**
     * Grows with every connection and disconnection, so that a timer can see whether it is still
     * meant.
     */
    public int generation() {
        return generation;
    }

    /**
     * A connection takes the session: it gets messages after {@link #open}, until then they wait.
     */
    public void attach(Attached connection, long newExpirySeconds) {
        generation++;
        attached = connection;
        expirySeconds = newExpirySeconds;
        if (!isDurable()) {
            forgetStored(); // From now on it ends with its connection, and so with the server.
        }
        disconnectedAt = 0;
        outlet = null;
        inflight = 0;
        owed.rewind();
        save();
    }

    /**
     * CONNACK is sent: sends what is owed, that which was sent before first and with DUP
     * [MQTT5-4.4.0-1] [MQTT5-3.3.1-1].
     */
    public void open(Outlet out) {
        outlet = out;
        pump(out);
    }

    /** Changes the Session Expiry Interval, as DISCONNECT may. */
    public void expirySeconds(long seconds) {
        expirySeconds = seconds;
    }

    /** The connection is gone. */
    public void detach(Attached connection) {
        if (attached != connection) {
            return;
        }
        generation++;
        attached = null;
        outlet = null;
        inflight = 0;
        slow = false;
        disconnectedAt = clock.millis();
        congestion.end();
        save();
    }

    /** Writes its record to the turn's batch, if it is kept. */
    public void save() {
        if (isDurable() && !ended) {
            stored = true;
            batch().putSession(
                            new SessionRecord(
                                    number,
                                    clientId,
                                    principal.id(),
                                    principal.username(),
                                    expirySeconds,
                                    createdAt,
                                    disconnectedAt,
                                    will,
                                    willDelaySeconds));
        }
    }

    /**
     * Ends it: it gets no more messages, and the store forgets it. Messages of Shared Subscriptions
     * that it leaves go to other members.
     */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        generation++;
        for (Map.Entry<String, Subscription> entry : subscriptions.entrySet()) {
            tree.remove(entry.getValue().filter(), this);
        }
        subscriptions.clear();
        congestion.end();
        Handover handover = new Handover(this::forgetOnLoop);
        for (Owed left; (left = owed.first()) != null; ) {
            owed.remove(left);
            hand(left, handover);
        }
        handover.end();
    }

    private void hand(Owed left, Handover handover) {
        // QoS 2 that was sent may have arrived: to no other [MQTT5-4.8.2-5]
        if (left.share == null || left.qos == Qos.EXACTLY_ONCE && left.packetId != 0) {
            return;
        }
        Share share = tree.share(TopicFilter.of(left.share));
        Match other = share == null ? null : share.choose(left.routed.message(), this);
        if (other != null) {
            handover.give(loop, left.routed.message(), other);
        }
    }

    private void forgetOnLoop() {
        if (loop.inLoop()) {
            forgetStored();
        } else {
            loop.execute(this::forgetStored);
        }
    }

    private void forgetStored() {
        if (stored) {
            stored = false;
            batch().deleteSession(number);
        }
    }

    /**
     * Moves it to another loop; it has no connection now. Returns whether {@link #unfence} has to
     * follow there.
     */
    boolean moveTo(Loop target) {
        if (target == loop) {
            return false;
        }
        fenced = true;
        waiting = new ArrayList<>();
        loop = target;
        return true;
    }

    /** All that went by the old loop has arrived. */
    void unfence() {
        fenced = false;
        List<Runnable> held = waiting;
        waiting = List.of();
        for (Runnable delivery : held) {
            delivery.run();
        }
    }

    // ---- restoring

    void restoreSubscription(Subscription subscription) {
        subscriptions.put(subscription.filter().value(), subscription);
        tree.add(subscription);
    }

    void restoreOwed(
            Message message, Delivery delivery, long number, int packetId, boolean released) {
        Owed restored =
                new Owed(
                        new Routed(message, null, 0),
                        delivery.qos(),
                        delivery.retain(),
                        delivery.subscriptionIdentifiers(),
                        delivery.share(),
                        number);
        restored.packetId = packetId;
        restored.released = released;
        sequence = Math.max(sequence, number);
        owed.add(restored);
    }

    void restoreInbound(int packetId) {
        inbound.set(packetId);
    }

    void restoreDisconnected(long at) {
        stored = true;
        disconnectedAt = at;
    }

    long number() {
        return number;
    }

    @Override
    public String toString() {
        return "Session[" + clientId + "]";
    }
}
