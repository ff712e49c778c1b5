package io.busbar.mqtt.broker.session;

import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.Permissions.SubscribeDecision;
import io.busbar.api.broker.DropCause;
import io.busbar.api.broker.Who;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.delivery.Share;
import io.busbar.mqtt.broker.delivery.Subscriber;
import io.busbar.mqtt.broker.gate.Rights;
import io.busbar.mqtt.broker.limit.DeliveryLimits;
import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.broker.loop.Background;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.memory.Holder;
import io.busbar.mqtt.broker.topic.Subscription;
import io.busbar.mqtt.broker.topic.SubscriptionTree;
import io.busbar.mqtt.codec.Packet;
import java.time.Clock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The state that outlives a Network Connection: subscriptions, and QoS 1 and 2 messages that are
 * not acknowledged yet, MQTT 5.0 section 4.1. Confined to {@link #loop}, except for methods that
 * say otherwise. A session moves to another loop when its client reconnects there.
 */
public final class Session implements Subscriber {
    /** A Session Expiry Interval that never ends. */
    public static final long NEVER = 0xFFFF_FFFFL;

    /** Steps of background work that taking away a subscription or message is counted as. */
    private static final int STEPS_PER_PART = 16;

    private final String clientId;
    private final long number;
    private final long createdAt;
    private final SubscriptionTree tree;
    private final Clock clock;
    private final Outbound outbound;
    private final ConcurrentHashMap<String, Subscription> subscriptions =
            new ConcurrentHashMap<>(2);
    private BitSet inbound = new BitSet();

    /** So many bytes for identifiers are not worth an effort. */
    private static final int SMALL_INBOUND = 256;

    /** Who pays for what it holds. */
    private final Holder holder;

    /** Bytes of the session, its subscriptions and its will; those of its connection. */
    private long held;

    private long heldForConnection;

    private volatile Loop loop;
    private volatile Principal principal;
    private volatile long expirySeconds;
    private volatile long disconnectedAt;
    private volatile @Nullable Attached attached;
    private volatile boolean ended;
    private volatile @Nullable Rights rights;
    private volatile boolean restricted;
    private int rightsQuestions;
    private boolean stored;
    private int generation;
    private List<EventLoop.Timer> awayTimers = List.of();
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
            DeliveryLimits limits,
            Clock clock,
            DropListener dropListener) {
        this.clientId = clientId;
        this.number = number;
        this.createdAt = createdAt;
        this.principal = principal;
        this.expirySeconds = expirySeconds;
        this.loop = loop;
        this.tree = tree;
        this.clock = clock;
        this.outbound = new Outbound(this, limits, clock, dropListener);
        this.held = sizeOf(clientId);
        BrokerMemory memory = loop.memory();
        this.holder = memory.add(memory.sessions(), principal.id(), held);
    }

    // ---- memory

    /** Bytes of a session that has nothing yet. */
    static long sizeOf(String clientId) {
        return Footprint.SESSION + 3L * clientId.length();
    }

    private void hold(long bytes) {
        if (!ended && bytes != 0) {
            held += bytes;
            count(bytes);
        }
    }

    private void count(long bytes) {
        BrokerMemory memory = loop.memory();
        memory.change(memory.sessions(), holder, bytes);
    }

    /** Who pays for what it holds. */
    Holder holder() {
        return holder;
    }

    /** Identifiers take a bit each, here and in a store that keeps them in memory. */
    private long sizeOfInbound() {
        return inbound.size() / 4;
    }

    private void setInbound(int packetId) {
        long before = sizeOfInbound();
        inbound.set(packetId);
        hold(sizeOfInbound() - before);
    }

    /** Whether there is memory for so much more; if not, operators are told who asks. */
    public boolean hasRoom(long more) {
        MemoryAccount account = loop.memory().sessions();
        if (account.hasRoom(holder.bytes(), more)) {
            return true;
        }
        account.refused(clientId, holder.bytes());
        return false;
    }

    /** Counts bytes of its connection; given back when that ends. */
    public void holdForConnection(long bytes) {
        if (!ended && attached != null) {
            heldForConnection += bytes;
            count(bytes);
        }
    }

    private void letGoOfConnection() {
        count(-heldForConnection);
        heldForConnection = 0;
    }

    // ---- for any thread

    public String clientId() {
        return clientId;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    /** Runs an action on its loop, also if it moves to another while the action is on its way. */
    public void execute(Runnable action) {
        Loop at = loop;
        at.execute(
                () -> {
                    if (loop == at) {
                        action.run();
                    } else {
                        execute(action);
                    }
                });
    }

    public Principal principal() {
        return principal;
    }

    /** Its client, which is or was connected from the address. */
    public Who who(String address) {
        return Who.at(address, "").named(clientId, null).authenticated(principal);
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

    /** Its messages to the client. */
    public Outbound outbound() {
        return outbound;
    }

    public int subscriptionCount() {
        return subscriptions.size();
    }

    /** Its subscriptions as they are kept. */
    public List<SubscriptionRecord> subscriptionRecords() {
        List<SubscriptionRecord> records = new ArrayList<>(subscriptions.size());
        for (Subscription subscription : subscriptions.values()) {
            records.add(subscription.toRecord());
        }
        return records;
    }

    @Override
    public Congestion congestion() {
        return outbound.congestion();
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
        if (!outbound.isOpen()) {
            return expirySeconds > 0 ? KEEPS : GONE;
        }
        return outbound.isSlow() ? SLOW : READY;
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

    /** Somebody asks what its client may do; answers to earlier questions do not count any more. */
    public int nextRightsQuestion() {
        return ++rightsQuestions;
    }

    /** Whether nobody asked again, or gave it rights, since a question. */
    public boolean isLatestRightsQuestion(int question) {
        return question == rightsQuestions;
    }

    /** Gives it new rights: from the next message on. */
    public void rights(Principal newPrincipal, Rights newRights) {
        rightsQuestions++;
        principal = newPrincipal;
        Attached connection = attached;
        if (connection != null) {
            connection.identified(newPrincipal);
        }
        rights = newRights;
        restricted = false;
        for (Subscription subscription : subscriptions.values()) {
            restrict(newRights.subscribe(subscription.filter()));
        }
    }

    /** Its rights changed while it lives: also for the will that waits, in the store as well. */
    public void changeRights(Principal newPrincipal, Rights newRights) {
        rights(newPrincipal, newRights);
        if (will != null) {
            save();
        }
    }

    private void restrict(SubscribeDecision decision) {
        if (decision != SubscribeDecision.GRANTED) {
            restricted = true;
        }
    }

    @Override
    public boolean mayTake(TopicName topic) {
        Rights own = rights;
        return !restricted || own == null || own.mayTake(topic);
    }

    /** Whether its client may get messages of the topic, by the rights it has now. */
    boolean mayReceive(TopicName topic) {
        Rights own = rights;
        return !restricted || own == null || own.mayReceive(topic);
    }

    // ---- subscriptions

    /** The subscription of a filter, or null. */
    public @Nullable Subscription subscription(TopicFilter filter) {
        return subscriptions.get(filter.value());
    }

    /** Adds or replaces a subscription. */
    public void subscribe(Subscription subscription, SubscribeDecision decision) {
        restrict(decision);
        keep(subscription);
        if (isDurable()) {
            batch().putSubscription(number, subscription.toRecord());
        }
    }

    private void keep(Subscription subscription) {
        TopicFilter filter = subscription.filter();
        if (subscriptions.put(filter.value(), subscription) == null) {
            hold(Footprint.subscription(filter));
        }
        tree.add(subscription);
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
        hold(-Footprint.subscription(filter));
        if (isDurable()) {
            batch().deleteSubscription(number, filter.value());
        }
        return true;
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
            outbound.accept(routed, match);
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
            outbound.accept(routed, match);
        } finally {
            if (held) {
                routed.release();
            }
        }
    }

    /**
     * Sends a packet when what this turn changed is durable; at once if this session is not kept.
     * While the store cannot write, the client waits.
     */
    public void whenDurable(Sender out, Packet packet) {
        if (!isDurable()) {
            out.send(packet);
            return;
        }
        loop.onceDurable(
                () -> {
                    if (outbound.isOpen(out)) {
                        out.send(packet);
                    }
                });
    }

    // ---- messages in

    /** Whether a message of QoS 2 with this identifier was taken over and waits for PUBREL. */
    public boolean isInbound(int packetId) {
        return inbound.get(packetId);
    }

    /** Remembers that it was taken over: exactly once [MQTT5-4.3.3-10]. */
    public void inbound(int packetId) {
        setInbound(packetId);
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
        if (inbound.isEmpty() && sizeOfInbound() > SMALL_INBOUND) {
            hold(-sizeOfInbound());
            inbound = new BitSet();
            hold(sizeOfInbound());
        }
        if (isDurable()) {
            batch().releaseInbound(number, packetId);
        }
        return true;
    }

    // ---- life

    /** Its batch of the turn. */
    StoreBatch batch() {
        return loop.batch(clientId);
    }

    /** The Will Message not yet sent, or null. */
    public @Nullable Message will() {
        return will;
    }

    public long willDelaySeconds() {
        return willDelaySeconds;
    }

    static long sizeOfWill(@Nullable Message message) {
        return message == null ? 0 : Footprint.message(message);
    }

    long sizeOfWill() {
        return sizeOfWill(will);
    }

    /** Keeps or forgets the Will Message. */
    public void will(@Nullable Message message, long delaySeconds) {
        hold(sizeOfWill(message) - sizeOfWill(will));
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

    private void nextGeneration() {
        generation++;
        awayTimers.forEach(EventLoop.Timer::cancel);
        awayTimers = List.of();
    }

    /**
     * What is to happen while its client is away: called off when the client comes back or the
     * session ends, so that a client that comes and goes leaves no timers behind.
     */
    public void whileAway(EventLoop.Timer timer) {
        if (awayTimers.isEmpty()) {
            awayTimers = new ArrayList<>(2);
        }
        awayTimers.add(timer);
    }

    /**
     * A connection takes the session: it gets messages after {@link #open}, until then they wait.
     */
    public void attach(Attached connection, long newExpirySeconds) {
        nextGeneration();
        if (attached == null) {
            loop.counters().attached++;
        }
        attached = connection;
        letGoOfConnection();
        expirySeconds = newExpirySeconds;
        if (!isDurable()) {
            forgetStored(); // From now on it ends with its connection, and so with the server.
        }
        disconnectedAt = 0;
        outbound.rewind();
        save();
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
        nextGeneration();
        attached = null;
        letGoOfConnection();
        Rights own = rights;
        if (own != null) {
            own.forget();
        }
        loop.counters().attached--;
        outbound.close();
        disconnectedAt = clock.millis();
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
                                    storableWill(),
                                    willDelaySeconds));
        }
    }

    /**
     * A will that its client may not send is not kept: after a restart nobody knows its rights, and
     * it would be sent.
     */
    private @Nullable Message storableWill() {
        Message message = will;
        Rights known = rights;
        return message == null || known == null || known.mayPublish(message.topic())
                ? message
                : null;
    }

    /**
     * Ends it: it gets no more messages, and the store forgets it. Messages of Shared Subscriptions
     * that it leaves go to other members.
     *
     * @param counting whether messages that go to nobody count as dropped
     */
    void end(boolean counting) {
        if (ended) {
            return;
        }
        count(-held);
        held = 0;
        letGoOfConnection();
        ended = true;
        nextGeneration();
        outbound.close();
        loop.background().begin(new Leaving(counting));
    }

    /** Takes the subscriptions and messages of an ended session away, in portions. */
    private final class Leaving implements Background.Work {
        private final Handover handover = new Handover(Session.this::forgetOnLoop);
        private final boolean counting;
        private long lost;

        Leaving(boolean counting) {
            this.counting = counting;
        }

        @Override
        public Object identity() {
            return principal.id();
        }

        @Override
        public boolean goOn(Background.Allowance allowance) {
            Iterator<Subscription> left = subscriptions.values().iterator();
            while (left.hasNext()) {
                if (allowance.isUsedUp()) {
                    return true;
                }
                allowance.spend(STEPS_PER_PART);
                tree.remove(left.next().filter(), Session.this);
                left.remove();
            }
            while (!allowance.isUsedUp()) {
                allowance.spend(STEPS_PER_PART);
                Owed message = outbound.take();
                if (message == null) {
                    if (counting && lost > 0) {
                        outbound.drop(DropCause.SESSION_ENDED, lost);
                    }
                    handover.end();
                    return false;
                }
                if (!hand(message, handover)) {
                    lost++;
                }
            }
            return true;
        }
    }

    /** Gives it to another member, if there is one. */
    private boolean hand(Owed left, Handover handover) {
        // QoS 2 that was sent may have arrived: to no other [MQTT5-4.8.2-5]
        if (left.share == null || left.qos == Qos.EXACTLY_ONCE && left.packetId != 0) {
            return false;
        }
        Share share = tree.share(TopicFilter.of(left.share));
        Match other = share == null ? null : share.choose(left.routed.message(), this);
        if (other != null) {
            handover.give(loop, left.routed.message(), other);
        }
        return other != null;
    }

    private void forgetOnLoop() {
        if (loop.inLoop()) {
            forgetStored();
        } else {
            execute(this::forgetStored);
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
        keep(subscription);
    }

    void restoreInbound(int packetId) {
        setInbound(packetId);
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
