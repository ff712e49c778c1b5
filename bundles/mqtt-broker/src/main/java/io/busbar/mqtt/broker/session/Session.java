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
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.delivery.Source;
import io.busbar.mqtt.broker.delivery.Subscriber;
import io.busbar.mqtt.broker.gate.Rights;
import io.busbar.mqtt.broker.limit.StoredLimits;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.memory.Holder;
import io.busbar.mqtt.broker.memory.Meter;
import io.busbar.mqtt.broker.receipt.Served;
import io.busbar.mqtt.broker.topic.Subscription;
import io.busbar.mqtt.codec.Packet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state that outlives a Network Connection: subscriptions, and QoS 1 and 2 messages that are
 * not acknowledged yet, MQTT 5.0 section 4.1. While its client is away it is a small object, and
 * its messages are in the store alone; what is needed for a connection is in its {@link Presence}.
 * Confined to {@link #loop}, except for methods that say otherwise. A session moves to another loop
 * when its client reconnects there.
 */
public final class Session extends StoredSession implements Subscriber {
    /** A Session Expiry Interval that never ends. */
    public static final long NEVER = 0xFFFF_FFFFL;

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final long createdAt;

    /** Who pays for what it holds. */
    private final Holder holder;

    private volatile Principal principal;
    private volatile @Nullable Presence presence;
    private volatile @Nullable Terms terms;
    private volatile @Nullable Object subscriptions;
    private volatile long disconnectedAt;
    private @Nullable Inbound inbound;
    private volatile int expirySeconds; // not signed
    private volatile boolean ended;
    private volatile boolean restricted;

    /** Bytes of the session, its subscriptions, its will, and of messages that come from it. */
    private int held;

    /** When its connection ended. */
    private int awaySince;

    /** Its place in the {@link Agenda}, which alone uses them. */
    int agendaKey;

    int agendaIndex = Agenda.NOWHERE;

    Session(
            String clientId,
            long number,
            long createdAt,
            Principal principal,
            long expirySeconds,
            Loop loop,
            Common common) {
        super(clientId, number, loop, common);
        this.createdAt = createdAt;
        this.principal = principal;
        this.expirySeconds = (int) expirySeconds;
        this.held = Footprint.session(clientId, common.paged());
        BrokerMemory memory = loop().memory();
        this.holder = memory.add(memory.sessions(), principal.id(), held);
    }

    // ---- memory

    void hold(long bytes) {
        if (!ended && bytes != 0) {
            held += (int) bytes;
            count(bytes);
        }
    }

    private void count(long bytes) {
        BrokerMemory memory = loop().memory();
        memory.change(memory.sessions(), holder, bytes);
    }

    /** Who pays for what it holds. */
    Holder holder() {
        return holder;
    }

    private int sizeOf(String filter) {
        return Footprint.subscription(filter, common().paged());
    }

    /** Whether there is memory for one more subscription. */
    public boolean hasRoom(TopicFilter filter) {
        return hasRoom(sizeOf(filter.value()));
    }

    /** Whether there is memory for so much more; if not, operators are told who asks. */
    public boolean hasRoom(long more) {
        MemoryAccount account = loop().memory().sessions();
        if (account.hasRoom(holder.bytes(), more)) {
            return true;
        }
        account.refused(clientId(), holder.bytes());
        return false;
    }

    /** Counts bytes of its connection; given back when that ends. */
    public void holdForConnection(long bytes) {
        Presence here = presence;
        if (!ended && here != null && here.attached != null) {
            here.held += bytes;
            count(bytes);
        }
    }

    private void letGoOfConnection(Presence here) {
        count(-here.held);
        here.held = 0;
    }

    // ---- for any thread

    public Principal principal() {
        return principal;
    }

    /** Its client, which is or was connected from the address. */
    public Who who(String address) {
        return Who.at(address, "").named(clientId(), null).authenticated(principal);
    }

    public long createdAt() {
        return createdAt;
    }

    /** When its connection ended, in milliseconds since the epoch, or 0 while it has one. */
    public long disconnectedAt() {
        return disconnectedAt;
    }

    public long expirySeconds() {
        return Integer.toUnsignedLong(expirySeconds);
    }

    private boolean outlivesConnection() {
        return expirySeconds != 0;
    }

    /** Its connection, or null. */
    public @Nullable Attached attached() {
        Presence here = presence;
        return here == null ? null : here.attached;
    }

    /** Whether all there is of it is its light part. */
    boolean isAway() {
        return presence == null && !ended;
    }

    public boolean isEnded() {
        return ended;
    }

    /** Its messages to the client that is connected; on its {@link #loop}. */
    public Outbound outbound() {
        return present().outbound;
    }

    /** Its messages to a client that is connected, or about to be; any thread. */
    @Nullable Outbound outboundIfPresent() {
        Presence here = presence;
        return here == null ? null : here.outbound;
    }

    private Presence present() {
        Presence here = presence;
        if (here == null) {
            throw new IllegalStateException("its client is away");
        }
        return here;
    }

    /** How many messages its client is owed, sent or not. */
    public int owedCount() {
        Presence here = presence;
        return tailMessages() + (here == null ? 0 : here.outbound.owedCount());
    }

    /** How many of them were sent on this connection. */
    public int inflight() {
        Presence here = presence;
        return here == null ? 0 : here.outbound.inflight();
    }

    /**
     * Bytes of what its client is owed: in a store on a disk {@link Message#sizeBytes}, otherwise
     * what it takes in memory.
     */
    public long owedBytes() {
        Presence here = presence;
        if (here == null) {
            return tailBytes();
        }
        return isPaged() ? tailBytes() + here.outbound.storedBytes() : here.outbound.owedBytes();
    }

    /** Bytes of memory that what its client is owed takes. */
    public long owedMemory() {
        Presence here = presence;
        return here == null ? 0 : here.outbound.owedBytes();
    }

    public int subscriptionCount() {
        return SubscriptionSet.size(subscriptions);
    }

    /** Its subscriptions as they are kept. */
    public List<SubscriptionRecord> subscriptionRecords() {
        List<SubscriptionRecord> records = new ArrayList<>();
        for (Subscription subscription : SubscriptionSet.all(subscriptions)) {
            records.add(subscription.toRecord());
        }
        return records;
    }

    @Override
    public @Nullable Congestion congestion() {
        Presence here = presence;
        return here == null ? null : here.outbound.congestion();
    }

    @Override
    public int readiness() {
        if (ended) {
            return GONE;
        }
        Presence here = presence;
        if (here == null || !here.outbound.isOpen()) {
            return outlivesConnection() ? KEEPS : GONE;
        }
        return here.outbound.isSlow() ? SLOW : READY;
    }

    @Override
    public boolean isClient() {
        return true;
    }

    // ---- rights

    private Terms terms() {
        Terms known = terms;
        if (known == null) {
            known = new Terms();
            terms = known;
        }
        return known;
    }

    /**
     * What its client may do; null for a session whose client is away, unless it matters: for its
     * will, or because some of what it subscribes to is denied.
     */
    public @Nullable Rights rights() {
        Terms known = terms;
        return known == null ? null : known.rights;
    }

    /** Somebody asks what its client may do; answers to earlier questions do not count any more. */
    public int nextRightsQuestion() {
        terms().asked = true;
        return ++terms().questions;
    }

    /** Whether nobody asked again, or gave it rights, since a question. */
    public boolean isLatestRightsQuestion(int question) {
        return question == terms().questions;
    }

    /** Gives it new rights: from the next message on. */
    public void rights(Principal newPrincipal, Rights newRights) {
        terms().questions++;
        terms().asked = false;
        principal = newPrincipal;
        Attached connection = attached();
        if (connection != null) {
            connection.identified(newPrincipal);
        }
        terms().rights = newRights;
        restricted = false;
        for (Subscription subscription : SubscriptionSet.all(subscriptions)) {
            restrict(newRights.subscribe(subscription.filter()));
        }
    }

    /** Its rights changed while it lives: also for the will that waits, in the store as well. */
    public void changeRights(Principal newPrincipal, Rights newRights) {
        rights(newPrincipal, newRights);
        if (will() != null) {
            save();
        }
        lighten();
    }

    /** Forgets what is not needed while its client is away. */
    private void lighten() {
        Terms known = terms;
        if (presence != null || ended) {
            return;
        }
        if (known != null
                && !restricted
                && !known.asked
                && !known.hasWill()
                && known.released.length == 0) {
            terms = null;
        }
        principal = holder.principal(principal);
    }

    private void restrict(SubscribeDecision decision) {
        if (decision != SubscribeDecision.GRANTED) {
            restricted = true;
        }
    }

    /**
     * Whether the rights of its client are known; those of one that is away are forgotten, unless
     * some of what it subscribes to is denied. Any thread.
     */
    public boolean isJudged() {
        return rights() != null || !principal.provider().isEmpty();
    }

    /**
     * Whether it subscribes to more than its client may receive, so that each message is judged.
     */
    public boolean isRestricted() {
        return restricted;
    }

    @Override
    public boolean mayTake(TopicName topic) {
        Rights own = rights();
        return !restricted || own == null || own.mayTake(topic);
    }

    /** Whether its client may get messages of the topic, by the rights it has now. */
    boolean mayReceive(TopicName topic) {
        Rights own = rights();
        return !restricted || own == null || own.mayReceive(topic);
    }

    // ---- subscriptions

    /** The subscription of a filter, or null. */
    public @Nullable Subscription subscription(TopicFilter filter) {
        return SubscriptionSet.get(subscriptions, filter.value());
    }

    /** Adds or replaces a subscription. */
    public void subscribe(Subscription subscription, SubscribeDecision decision) {
        restrict(decision);
        keep(subscription);
        if (isDurable()) {
            batch().putSubscription(number(), subscription.toRecord());
        }
    }

    private void keep(Subscription subscription) {
        String filter = subscription.text();
        if (SubscriptionSet.get(subscriptions, filter) == null) {
            hold(sizeOf(filter));
        }
        owesShared(subscription.isShared());
        subscriptions = SubscriptionSet.with(subscriptions, subscription);
        common().tree().add(subscription);
    }

    /**
     * Removes a subscription; what it has brought already is still delivered [MQTT5-3.10.4-3].
     * False if there was none.
     */
    public boolean unsubscribe(TopicFilter filter) {
        if (subscription(filter) == null) {
            return false;
        }
        subscriptions = SubscriptionSet.without(subscriptions, filter.value());
        common().tree().remove(filter.value(), this);
        hold(-sizeOf(filter.value()));
        if (isDurable()) {
            batch().deleteSubscription(number(), filter.value());
        }
        return true;
    }

    /** One of its subscriptions, or null if there is none. */
    @Nullable Subscription anySubscription() {
        Iterator<Subscription> all = SubscriptionSet.all(subscriptions).iterator();
        return all.hasNext() ? all.next() : null;
    }

    /** Takes a subscription away from the ended session. */
    void leave(Subscription subscription) {
        subscriptions = SubscriptionSet.without(subscriptions, subscription.text());
        common().tree().remove(subscription.text(), this);
    }

    // ---- messages out

    @Override
    public void deliver(Loop at, Routed routed, Match match) {
        Loop home = loop();
        if (home != at) {
            // It moved while the message was on its way: after it, keeping the order.
            forward(routed, match, holdIfDurable(routed));
            return;
        }
        Presence here = presence;
        List<Runnable> fenced = here == null ? null : here.fenced();
        if (fenced != null) {
            boolean held = holdIfDurable(routed);
            fenced.add(() -> acceptHeld(routed, match, held));
        } else {
            accept(here, routed, match);
        }
    }

    private void forward(Routed routed, Match match, boolean held) {
        Loop home = loop();
        home.execute(
                () -> {
                    if (loop() == home) {
                        acceptHeld(routed, match, held);
                    } else {
                        forward(routed, match, held);
                    }
                });
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
            accept(presence, routed, match);
        } finally {
            if (held) {
                routed.release();
            }
        }
    }

    private void accept(@Nullable Presence here, Routed routed, Match match) {
        if (here != null) {
            here.outbound.accept(routed, match);
        } else if (isPaged()) {
            acceptAway(routed, match);
        } else if (!ended) {
            appear().outbound.accept(routed, match);
        }
    }

    /** Takes a message for a client that is away: the store keeps it. */
    private void acceptAway(Routed routed, Match match) {
        Message message = routed.message();
        Qos qos = message.qos().min(match.qos()); // [MQTT5-3.8.4-8]
        if (ended || qos == Qos.AT_MOST_ONCE || !mayReceive(message.topic())) {
            return;
        }
        StorageException trouble = loop().storeTrouble();
        if (trouble != null) {
            notStored(routed, match, trouble);
            return;
        }
        StoredLimits limits = common().limits().stored();
        boolean full =
                tailMessages() >= limits.maxMessages()
                        || tailMessages() > 0
                                && tailBytes() + message.sizeBytes() > limits.maxBytes();
        if (full && !(common().limits().dropOldest() && overflow().takes())) {
            common().drops(loop()).add(clientId(), DropCause.QUEUE_FULL, 1);
            return;
        }
        // RETAIN as published, or 0 [MQTT5-3.3.1-12] [MQTT5-3.3.1-13]
        queue(
                routed,
                qos,
                message.retain() && match.retainAsPublished(),
                match.identifiers(),
                match.share() == null ? null : match.share().filter());
        if (full) {
            overflow().relieve();
        }
    }

    /**
     * The store cannot write. What nobody would send again waits until it can; all else is lost,
     * and its publisher is told.
     *
     * @param match how it gets the message, or null if it is a Retained Message
     */
    void notStored(Routed routed, @Nullable Match match, StorageException trouble) {
        Source source = routed.source();
        if (match == null || source == null || !source.waitsForStore()) {
            routed.failed(trouble);
            common().drops(loop()).add(clientId(), DropCause.NOT_STORED, 1);
            return;
        }
        Meter queues = loop().queues();
        if (!queues.hasRoom(holder.queued(), Footprint.OWED + routed.footprint())) {
            common().drops(loop()).add(clientId(), DropCause.MEMORY_FULL, 1);
            return;
        }
        queues.add(Footprint.OWED + routed.keep());
        routed.hold();
        whenWritten(
                () -> {
                    loop().queues().add(-(Footprint.OWED + routed.letGo()));
                    try {
                        deliver(loop(), routed, match);
                    } finally {
                        routed.release();
                    }
                });
    }

    private Overflow overflow() {
        Overflow known = terms().overflow;
        if (known == null) {
            known = new Overflow(this, common().limits().stored().maxMessages());
            terms().overflow = known;
        }
        return known;
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
        loop().onceDurable(
                        () -> {
                            Presence here = presence;
                            if (here != null && here.outbound.isOpen(out)) {
                                out.send(packet);
                            }
                        });
    }

    // ---- messages in

    /** The messages of QoS 2 from its client. */
    public Inbound inbound() {
        Inbound known = inbound;
        if (known == null) {
            known = new Inbound(this);
            inbound = known;
            hold(known.bytes());
        }
        return known;
    }

    /** Forgets messages from its client that are in the store alone, or over. */
    void lightenInbound() {
        Inbound known = inbound;
        if (known != null && presence == null && (isPaged() ? known.isOver() : known.isEmpty())) {
            hold(-known.bytes());
            inbound = null;
        }
    }

    @Override
    public boolean isIn(Served served) {
        return served.has(shard(), number());
    }

    // ---- life

    /** The Will Message not yet sent, or null; also if only the store has it. */
    public @Nullable Message will() {
        Terms known = terms;
        return known == null ? null : known.will;
    }

    /** Whether there is a will not yet sent that only the store has. */
    public boolean isWillStored() {
        Terms known = terms;
        return known != null && known.willStored;
    }

    /**
     * Gets the will from the store. If it cannot be read, it stays there, and is due again some
     * time later.
     */
    void loadWill(Runnable then) {
        read(
                view -> view.session(number()),
                (record, failure) -> {
                    if (isWillStored()) {
                        if (record == null) {
                            willNotRead(failure);
                        } else {
                            Message message = record.map(SessionRecord::will).orElse(null);
                            will(message, terms().willDelaySeconds);
                        }
                    }
                    then.run();
                });
    }

    private void willNotRead(@Nullable Throwable failure) {
        Terms known = terms();
        if (known.notBefore == 0) {
            LOG.error(
                    "Will Message cannot be read; it is tried again (clientId={}): {}",
                    clientId(),
                    String.valueOf(failure));
        }
        known.notBefore = common().moments().now() + Terms.UNTIL_READ_AGAIN;
    }

    /** A will that could not be read is given up. */
    void forgetUnreadWill() {
        if (isWillStored()) {
            LOG.error("A Will Message that cannot be read is not sent (clientId={})", clientId());
            will(null, 0);
        }
    }

    public long willDelaySeconds() {
        Terms known = terms;
        return known == null ? 0 : known.willDelaySeconds;
    }

    static long sizeOfWill(@Nullable Message message) {
        return message == null ? 0 : Footprint.message(message);
    }

    long sizeOfWill() {
        return sizeOfWill(will());
    }

    /** Keeps or forgets the Will Message. */
    public void will(@Nullable Message message, long delaySeconds) {
        if (message == null && terms == null) {
            return;
        }
        Terms known = terms();
        hold(sizeOfWill(message) - sizeOfWill(known.will));
        known.will = message;
        known.willStored = false;
        known.notBefore = 0;
        known.willDelaySeconds = delaySeconds;
    }

    /** Whether its will is due, and its client away. */
    boolean isWillDue() {
        Terms known = terms;
        return known != null && known.hasWill() && willDueAt(known) <= common().moments().now();
    }

    boolean isExpired() {
        return expiresAt() <= common().moments().now();
    }

    private long willDueAt(Terms known) {
        return awaySince + known.willDelaySeconds * Moments.PER_SECOND;
    }

    private long expiresAt() {
        long seconds = expirySeconds();
        return seconds == NEVER ? Moments.NEVER : awaySince + seconds * Moments.PER_SECOND;
    }

    /** When something happens if its client does not come: {@link Moments}. */
    long dueAt() {
        if (ended || attached() != null) {
            return Moments.NEVER;
        }
        Terms known = terms;
        return known == null || !known.hasWill()
                ? expiresAt()
                : Math.max(known.notBefore, Math.min(expiresAt(), willDueAt(known)));
    }

    /** Has the part that a connection needs; with nothing in it if it is new. */
    Presence appear() {
        Presence here = loading();
        here.outbound.loaded();
        return here;
    }

    /**
     * Brings back from the store what a connection needs: messages in flight, those that are next,
     * and identifiers of messages that came. All that was written about them has to be visible.
     *
     * @param then gets why it could not be read, or null
     */
    void load(Consumer<@Nullable Throwable> then) {
        Presence here = loading();
        StoredLimits limits = common().limits().stored();
        read(
                view -> Beginning.read(view, number(), limits, common().paged()),
                (beginning, failure) -> {
                    if (presence == here && !ended && beginning != null) {
                        Terms known = terms;
                        here.outbound.load(
                                beginning.messages(), known == null ? Terms.NONE : known.released);
                        if (!beginning.inbound().isEmpty()) {
                            inbound().restore(beginning.inbound());
                        }
                    }
                    then.accept(failure);
                });
    }

    /** Whether {@link #load} has to come before a connection. */
    boolean isToBeLoaded() {
        return presence == null && isPaged();
    }

    private Presence loading() {
        Presence here = presence;
        if (here == null) {
            here = new Presence(new Outbound(this, common()));
            presence = here;
        }
        return here;
    }

    /**
     * A connection takes the session: it gets messages after {@link Outbound#open}, until then they
     * wait.
     */
    public void attach(Attached connection, long newExpirySeconds) {
        Presence here = present();
        if (here.attached == null) {
            loop().counters().attached++;
        }
        here.attached = connection;
        letGoOfConnection(here);
        holdForConnection(Footprint.PRESENCE);
        expirySeconds = (int) newExpirySeconds;
        if (!outlivesConnection() && owedCount() == 0) {
            forgetStored(); // From now on it ends with its connection, and so with the server.
        }
        disconnectedAt = 0;
        here.outbound.rewind();
        save();
    }

    /** Changes the Session Expiry Interval, as DISCONNECT may. */
    public void expirySeconds(long seconds) {
        expirySeconds = (int) seconds;
    }

    /** The connection is gone. */
    public void detach(Attached connection) {
        Presence here = presence;
        if (here == null || here.attached != connection) {
            return;
        }
        here.attached = null;
        letGoOfConnection(here);
        Rights own = rights();
        if (own != null) {
            own.forget();
        }
        loop().counters().attached--;
        here.outbound.close();
        disconnectedAt = common().clock().millis();
        awaySince = common().moments().next();
        if (outlivesConnection()) {
            save();
        }
    }

    /** Whether it was made for a connection that never got it. */
    boolean isUnused() {
        return disconnectedAt == 0 && attached() == null;
    }

    /** Its client stays away: becomes light, as far as the store has what it is owed. */
    void rest() {
        Presence here = presence;
        if (here == null || here.attached != null || ended) {
            return;
        }
        if (common().paged()) {
            if (here.outbound.isLoaded()) {
                int[] released = here.outbound.unload();
                if (released.length > 1 || terms != null) {
                    terms().released = released.length > 1 ? released : Terms.NONE;
                }
            }
            presence = null;
        } else if (here.outbound.isEmpty()) {
            presence = null;
        }
        lightenInbound();
        lighten();
    }

    /** Writes its record to the turn's batch, if it is kept. */
    public void save() {
        if ((outlivesConnection() || isDurable()) && !ended) {
            kept();
            batch().putSession(
                            new SessionRecord(
                                    number(),
                                    clientId(),
                                    principal.id(),
                                    principal.username(),
                                    expirySeconds(),
                                    createdAt,
                                    disconnectedAt,
                                    storableWill(),
                                    willDelaySeconds()));
        }
    }

    /**
     * A will that its client may not send is not kept: after a restart nobody knows its rights, and
     * it would be sent.
     */
    private @Nullable Message storableWill() {
        Message message = will();
        Rights known = rights();
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
        ended = true;
        Presence here = presence;
        Outbound left = null;
        if (here != null) {
            letGoOfConnection(here);
            here.outbound.close();
            left = here.outbound;
        }
        if (inbound != null) {
            inbound.end();
        }
        loop().background().begin(new Leaving(this, common(), left, counting));
    }

    /**
     * Moves it to another loop; it has no connection now. What this loop has written of it is
     * handed to the store before the other can write more. Returns whether {@link #unfence} has to
     * follow there.
     */
    boolean moveTo(Loop target) {
        if (target == loop()) {
            return false;
        }
        loop().endTurnNow();
        loading().fence();
        moveOn(target);
        return true;
    }

    /** All that went by the old loop has arrived. */
    void unfence() {
        Presence here = presence;
        if (here != null) {
            here.unfence();
        }
    }

    // ---- restoring

    void restoreSubscription(SubscriptionRecord subscription) {
        keep(Subscription.of(subscription, this));
    }

    /** It lost its connection so many milliseconds ago, at a moment of the clock then. */
    void restoreAway(long at, long millisAgo, boolean hasWill, long delaySeconds) {
        kept();
        disconnectedAt = at;
        awaySince = common().moments().ago(millisAgo);
        if (hasWill) {
            terms().willStored = true;
            terms().willDelaySeconds = delaySeconds;
        }
        principal = holder.principal(principal);
    }

    @Override
    public String toString() {
        return "Session[" + clientId() + "]";
    }
}
