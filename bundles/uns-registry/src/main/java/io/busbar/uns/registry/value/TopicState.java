package io.busbar.uns.registry.value;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.FieldWidening;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.QualityReason;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.Sample;
import io.busbar.api.uns.StaleTopic;
import io.busbar.api.uns.TopicPolicy;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.TopicViolations;
import io.busbar.api.uns.UnmodeledTopic;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.footprint.Footprint;
import io.busbar.uns.registry.gate.Guard;
import io.busbar.uns.registry.model.Excess;
import io.busbar.uns.registry.model.FieldSink;
import io.busbar.uns.registry.model.Schema;
import io.busbar.uns.registry.model.Widenings;
import io.busbar.uns.registry.payload.ForeignPayload;
import io.busbar.uns.registry.payload.FormatReader;
import io.busbar.uns.registry.payload.Reading;
import io.busbar.uns.registry.payload.SourceTime;
import io.busbar.uns.registry.sample.SampleTap;
import io.busbar.uns.registry.search.Likely;
import io.busbar.uns.registry.search.TextSign;
import io.busbar.uns.registry.search.ValueFinder;
import io.busbar.uns.registry.violation.Conformity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one topic, kept mutable so that a message costs no picture of it. Every method
 * takes the state's own lock for a moment; the writer is the registry's message thread, readers
 * come from anywhere.
 */
final class TopicState {
    /**
     * The object with its conformity, and its entries in the two maps of topics without a model.
     */
    private static final int STRUCTURE = 160 + 24 + Footprint.HASH_ENTRY + Footprint.SKIP_ENTRY;

    /**
     * A value of so many bytes is an ordinary one. It pays for itself, so it has room long after
     * there is none for larger ones, which pay for all values together.
     */
    private static final int ORDINARY = 4096;

    /** Shorter payloads are kept: little would come back. */
    private static final int LEAST_SPARE = 256;

    /** After so many more messages a topic without a model is ripe again. */
    private static final int RIPE_AGAIN = 100;

    private static final AtomicReferenceFieldUpdater<TopicState, WaitingRefusals> REFUSALS =
            AtomicReferenceFieldUpdater.newUpdater(
                    TopicState.class, WaitingRefusals.class, "refusals");

    private static final AtomicIntegerFieldUpdater<TopicState> DIRTY =
            AtomicIntegerFieldUpdater.newUpdater(TopicState.class, "dirty");

    private static final byte[] NOT_KEPT = new byte[0];
    private static final String PAYLOAD_NOT_KEPT =
            "the payload is not kept, because memory is short";
    private static final String VALUES_NOT_KEPT =
            "the values are not kept, because memory is short";

    final String topic;

    private final Shared shared;

    /** {@link #footprint(String)} of the topic. */
    private final long topicBytes;

    /** Written under the lock; whether there is one is read without. */
    private volatile @Nullable Node node;

    /** Reads the payloads of {@link #node}; there if the node is. */
    private @Nullable FormatReader reader;

    /** When the topic was put under its node, or the policies that hold for it changed. */
    private long boundAt;

    /** The model of {@link #node}, if it has fields. */
    private @Nullable Schema schema;

    /**
     * What the values were read with, if a policy has changed {@link #schema} since: they are read
     * anew before anybody looks at them. Null if they are up to date.
     */
    private @Nullable Schema readWith;

    /** Where the source is if its times do not say so; null if nobody knows. */
    private @Nullable ZoneId zone;

    /** Read without the lock by those who deliver; null if messages are not checked before. */
    private volatile @Nullable Guard guard;

    /** What was measured longer ago is stale; 0 = nothing is. */
    private int staleAfterSeconds;

    /** Longer payloads do not fit, but are read; 0 = no payload is too long for that. */
    private int mostBytes;

    /** Under which policies of topics without a model it was ripe; -1 = it was not yet. */
    private int ripeUnder = -1;

    private @Nullable FieldValues values;

    /**
     * Payloads before the last one: of a topic without a node, and of one whose model was violated
     * lately.
     */
    private @Nullable RecentPayloads recent;

    /** How many payloads fitted since one did not. */
    private int quiet;

    private byte @Nullable [] payload;
    private boolean cut;
    private MessageProperties properties = MessageProperties.NONE;
    private @Nullable Publisher publisher;
    private @Nullable Qos qos;
    private boolean retain;
    private long receivedAt;
    private long messages;
    private long lateMessages;
    private final Conformity conformity = new Conformity();

    /** What of the last message is not kept, because there was no room. */
    private @Nullable Violation crowded;

    /** What the values have, as the last search saw them; null if none had to look. */
    private long @Nullable [] sign;

    /** Whether the values are still those that {@link #sign} is of. */
    private boolean signed;

    /** Null as long as no message was refused. */
    private volatile @Nullable WaitingRefusals refusals;

    /** 1 = waits to be told to listeners. */
    private volatile int dirty;

    /** Was reported stale since the last message. */
    private boolean staleTold;

    /** Bytes that are counted for it: with {@link #node} in that account, else in the other. */
    private long held;

    /** Was forgotten: takes no more memory. */
    private boolean forgotten;

    /**
     * Makes one for a topic without a node.
     *
     * @param held bytes that are counted for it already
     */
    TopicState(String topic, Shared shared, long held) {
        this.topic = topic;
        this.shared = shared;
        this.topicBytes = footprint(topic);
        this.held = held;
    }

    /** The bytes of the heap that a topic without a model takes before it has a message. */
    static long footprint(String topic) {
        return STRUCTURE + Footprint.of(topic);
    }

    /**
     * Takes a message.
     *
     * @param replayed a retained message from before: not counted, no sample, and ignored if
     *     something newer came
     * @param into takes what came of it
     */
    synchronized void accept(Message message, boolean replayed, Acceptance into) {
        into.begin();
        if (forgotten || replayed && payload != null && message.receivedAt() <= receivedAt) {
            return;
        }
        if (!replayed) {
            messages++;
        }
        boolean violating = isViolating();
        signed = false;
        Node own = node;
        Schema model = schema;
        boolean sampled = own != null && !replayed && shared.samples().isWanted(own);
        if (own != null && model != null) {
            read(own, model, message, replayed, sampled, into);
        } else {
            keep(message, replayed);
            Violation large = tooLarge(message.payload().length, message.receivedAt());
            if (large == null) {
                conformity.fitted(message.receivedAt());
            } else {
                violated(large, message, replayed, true, into);
            }
            into.ripe = own == null && isRipe(into.policies);
            if (own != null && sampled && !cut) {
                into.samples = samplesOf(foreign(message, own.payload().format(), Long.MIN_VALUE));
                into.sampled = own;
            }
        }
        settle(into);
        into.turned = isViolating() != violating;
    }

    /**
     * After enough messages, once for what is said of topics without a model, and now and then
     * again: a node could perhaps not be made before.
     */
    private boolean isRipe(int policies) {
        long more = messages - TopicPolicy.AUTO_CREATE_AFTER;
        return more >= 0 && (ripeUnder != policies || more % RIPE_AGAIN == 0);
    }

    /** Somebody knows that the topic has had enough messages, and what is said of it. */
    synchronized void ripe(int policies) {
        ripeUnder = policies;
    }

    /** Whether the last message did not fit; not if only its reader is missing. */
    synchronized boolean isViolating() {
        catchUp();
        return node != null && !conformity.fits() && !forgotten && !isUnread();
    }

    /** Whether the topic has a node; takes no lock, which others hold while they read payloads. */
    boolean hasNode() {
        return node != null;
    }

    /** What is asked of messages before they are delivered; null if nothing is. */
    @Nullable Guard guard() {
        return guard;
    }

    /** Sets what is asked of messages before they are delivered; null = nothing. */
    synchronized void guard(@Nullable Guard newGuard) {
        int counted = Guard.footprint(guard);
        guard = newGuard;
        if (counted != Guard.footprint(newGuard)) {
            recountLess();
        }
    }

    /**
     * A message was refused, because it did not fit. Takes no lock: event loops refuse, and others
     * hold the lock while they read payloads.
     *
     * @return whether somebody has to call {@link #countRefusals} soon
     */
    boolean refused(Message message, Violation wrong) {
        WaitingRefusals waiting = refusals;
        if (waiting == null) {
            REFUSALS.compareAndSet(this, null, new WaitingRefusals());
            waiting = Objects.requireNonNull(refusals);
        }
        return waiting.add(wrong, message.publisher());
    }

    /** Counts the messages that were refused, as everybody does who looks at the topic. */
    synchronized void countRefusals() {
        WaitingRefusals waiting = refusals;
        if (waiting != null) {
            waiting.heard();
            catchUp();
        }
    }

    private void countWaiting() {
        WaitingRefusals waiting = refusals;
        if (waiting == null) {
            return;
        }
        Collection<WaitingRefusals.Refusal> taken = waiting.take();
        if (taken.isEmpty() || node == null || forgotten) {
            return;
        }
        for (WaitingRefusals.Refusal each : taken) {
            messages += each.count();
            conformity.refused(
                    each.wrong(), each.by(), each.count(), shared.limits().violationsKept());
        }
        if (!recount() && conformity.forgetKinds()) {
            recountLess();
        }
    }

    /** When the last message that did not fit came, in milliseconds since the epoch; 0 = never. */
    synchronized long lastViolationAt() {
        catchUp();
        return conformity.lastAt();
    }

    /** Whether there were messages that did not fit, and their kinds are remembered. */
    synchronized boolean hasViolations() {
        catchUp();
        return node != null && !forgotten && conformity.total() > 0;
    }

    /** What was wrong with the messages. */
    synchronized TopicViolations violations() {
        return conformity.snapshot(isViolating());
    }

    /** Counts violations anew from now on. */
    synchronized void resetViolations(Instant now) {
        catchUp();
        if (node != null && !forgotten) {
            conformity.reset(now, shared.limits().violationsKept());
            recountLess();
        }
    }

    private void read(
            Node own,
            Schema model,
            Message message,
            boolean replayed,
            boolean sampled,
            Acceptance into) {
        FieldValues fields = fields(model);
        SampleTap tap = sampled ? new SampleTap(fields, model.fields()) : null;
        boolean tooLong = message.payload().length > shared.limits().maxPayloadBytes();
        Violation found =
                examine(model, message, tooLong, into.reading, tap == null ? fields : tap);
        Violation large = tooLarge(message.payload().length, message.receivedAt());
        Violation wrong = large == null ? found : large;
        if (tap != null) {
            into.samples = tap.samples();
            into.sampled = own;
        }
        boolean stands = !fields.end();
        if (stands) {
            keep(message, replayed);
            watch(wrong == null);
        }
        if (fields.hasLate() && !replayed) {
            lateMessages++;
            into.late = true;
        }
        if (wrong != null) {
            violated(wrong, message, replayed, stands, into);
        } else if (stands) {
            conformity.fitted(message.receivedAt());
        }
    }

    private void violated(
            Violation wrong, Message message, boolean replayed, boolean stands, Acceptance into) {
        conformity.violated(wrong, stands);
        if (!replayed && !isUnread()) {
            int kept = shared.limits().violationsKept();
            conformity.count(wrong, message.publisher(), stands, kept);
            into.violated = true;
        }
    }

    /** What is wrong with a payload of so many bytes; null if nothing is. */
    private @Nullable Violation tooLarge(int bytes, long at) {
        return mostBytes > 0 && bytes > mostBytes ? Excess.size(bytes, mostBytes, at) : null;
    }

    /** Keeps payloads from the first that does not fit, until as many as are kept have fitted. */
    private void watch(boolean fits) {
        int most = shared.limits().recentPayloads() - 1;
        quiet = fits ? quiet + 1 : 0;
        if (quiet > most) {
            recent = null;
            quiet = 0;
        } else if (!fits && recent == null && most > 0) {
            recent = new RecentPayloads(most);
        }
    }

    private void remember() {
        byte[] before = payload;
        if (before == null || cut || before.length > RecentPayloads.LONGEST) {
            return;
        }
        int most = shared.limits().recentPayloads() - 1;
        RecentPayloads kept = recent;
        if (kept == null && node == null && most > 0) {
            if (!shared.hasRoomToSpare()) {
                shared.recentForgotten().increment();
                return;
            }
            kept = new RecentPayloads(most);
            recent = kept;
        }
        if (kept != null) {
            kept.add(before);
        }
    }

    /** Lets go of the payloads before the last one, if the topic has no node. */
    synchronized void forgetRecent() {
        if (node == null && recent != null && !forgotten) {
            letGoOfRecent();
            recountLess();
        }
    }

    private void letGoOfRecent() {
        RecentPayloads kept = recent;
        if (kept != null) {
            shared.recentForgotten().add(kept.count());
            recent = null;
        }
    }

    private void recountLess() {
        long now = footprint();
        account().add(now - held);
        held = now;
    }

    /** The payloads that are kept, the oldest first. */
    synchronized List<byte[]> payloads() {
        catchUp();
        List<byte[]> payloads = new ArrayList<>();
        RecentPayloads before = recent;
        if (before != null) {
            before.addTo(payloads);
        }
        byte[] last = payload;
        if (last != null && !cut) {
            payloads.add(last);
        }
        return payloads;
    }

    /** The same as messages that would come as the last one did. */
    synchronized List<Message> messages() {
        return payloads().stream().map(this::lastMessage).toList();
    }

    /** Fields whose type keeps refusing values. */
    List<FieldWidening> widenings() {
        Schema model;
        FormatReader own;
        List<Message> messages;
        synchronized (this) {
            model = schema;
            own = reader;
            messages = messages();
        }
        return model == null || own == null || !model.checks()
                ? List.of()
                : Widenings.of(model, own, messages);
    }

    private void keep(Message message, boolean replayed) {
        remember();
        byte[] bytes = message.payload();
        int kept = Math.min(bytes.length, shared.limits().maxPayloadBytes());
        crowded = null;
        cut = kept < bytes.length;
        payload = cut ? Arrays.copyOf(bytes, kept) : bytes;
        properties = node == null ? MessageProperties.NONE : message.properties();
        publisher = message.publisher();
        qos = message.qos();
        retain = message.retain() || replayed;
        receivedAt = message.receivedAt();
        staleTold = false;
    }

    /**
     * Counts what the topic takes now. If there is no room, the payload is let go of, at which only
     * people look. If there is none for the values either, they go as well and are Bad.
     */
    private void settle(Acceptance into) {
        if (recount()) {
            if (recent != null && node == null && !shared.recentKept().get()) {
                shared.recentKept().set(true);
            }
            return;
        }
        if (recent != null || sign != null) {
            letGoOfRecent();
            sign = null;
            if (recount()) {
                return;
            }
        }
        if (conformity.forgetKinds() && recount()) {
            return;
        }
        if (node == null) {
            into.dropped = true;
        } else {
            shared.values().refused(topic, held);
        }
        FieldValues fields = values;
        if (fields != null) {
            fields.forgetUnknown();
        }
        payload = NOT_KEPT;
        cut = true;
        boolean kept = recount() && fields != null;
        crowded =
                violation(
                        Violation.Code.SIZE,
                        null,
                        kept ? PAYLOAD_NOT_KEPT : VALUES_NOT_KEPT,
                        receivedAt);
        if (kept) {
            return;
        }
        if (fields != null) {
            fields.forget();
        }
        properties = MessageProperties.NONE;
        recountLess();
    }

    /** Bytes of the payload of a value, at which only people look; 0 if they are few. */
    synchronized long spare() {
        byte[] last = payload;
        return forgotten || node == null || last == null || last.length < LEAST_SPARE
                ? 0
                : last.length;
    }

    /** Lets go of the payload, because memory is short; the values stay. */
    synchronized void forgetPayload() {
        if (spare() == 0) {
            return;
        }
        catchUp();
        FieldValues fields = values;
        if (fields != null) {
            fields.forgetUnknown();
        }
        payload = NOT_KEPT;
        cut = true;
        signed = false;
        letGoOfRecent();
        crowded = violation(Violation.Code.SIZE, null, PAYLOAD_NOT_KEPT, receivedAt);
        recountLess();
    }

    /** Counts what the topic takes now, if there is room for it. */
    private boolean recount() {
        long now = footprint();
        long more = now - held;
        boolean room = true;
        if (more <= 0) {
            account().add(more);
        } else if (node == null) {
            room = shared.takeUnmodeled(more);
        } else {
            MemoryAccount account = shared.values();
            room = account.take(now <= ORDINARY ? MemoryAccount.COMMON : account.bytes(), more);
        }
        if (room) {
            held = now;
        }
        return room;
    }

    private MemoryAccount account() {
        return node == null ? shared.unmodeled() : shared.values();
    }

    private long footprint() {
        byte[] last = payload;
        long bytes = Footprint.of(last) + Footprint.of(properties) + Footprint.of(publisher);
        FieldValues fields = values;
        if (fields != null) {
            bytes += fields.footprint(last == null ? NOT_KEPT : last);
        }
        RecentPayloads before = recent;
        if (before != null) {
            bytes += before.footprint();
        }
        bytes += conformity.footprint() + Guard.footprint(guard);
        bytes += sign == null ? 0 : TextSign.BYTES;
        bytes += refusals == null ? 0 : WaitingRefusals.BYTES;
        // What a node itself takes is counted with the tree.
        return node == null ? bytes + topicBytes : bytes;
    }

    /** The topic is forgotten: what it takes is given back, and it takes nothing any more. */
    synchronized void forget() {
        forgotten = true;
        readWith = null;
        account().add(-held);
        held = 0;
    }

    /** What the topic takes, and when something came under it last. */
    synchronized Age age() {
        return new Age(this, receivedAt, held);
    }

    /**
     * How long ago something came under a topic.
     *
     * @param receivedAt in milliseconds since the epoch
     * @param bytes what forgetting it gives back
     */
    record Age(TopicState state, long receivedAt, long bytes) {}

    /** A message was cleared: an empty retained one, which is no value. */
    synchronized void count() {
        messages++;
    }

    private FieldValues fields(Schema model) {
        FieldValues fields = values;
        if (fields == null) {
            fields = new FieldValues(model.fields().size());
            values = fields;
        }
        return fields;
    }

    /**
     * Reads a payload into the fields; what is wrong with it, if anything is checked.
     *
     * @param tooLong whether the payload is not read because of its length
     */
    private @Nullable Violation examine(
            Schema model, Message message, boolean tooLong, Reading reading, FieldSink into) {
        FormatReader own = reader;
        if (own != null && !tooLong) {
            return model.examine(own, message, reading, into);
        }
        into.begin(message.receivedAt() * 1000);
        into.unreadable();
        return model.tooLong(
                message.payload().length, shared.limits().maxPayloadBytes(), message.receivedAt());
    }

    private static Violation violation(
            Violation.Code code, @Nullable Reason why, String detail, long at) {
        return new Violation(code, "", null, null, null, why, detail, Instant.ofEpochMilli(at));
    }

    /** Whether nothing can be read because there is no reader: no fault of the publisher. */
    private boolean isUnread() {
        FormatReader own = reader;
        return own != null && own.isMissing();
    }

    /**
     * Puts the topic under a node; what came last is read anew, without counting.
     *
     * @param newSchema the model if it has fields
     * @param newZone where the source is if its times do not say so; null if nobody knows
     * @param now in milliseconds since the epoch
     */
    synchronized void bind(
            Node newNode,
            FormatReader newReader,
            @Nullable Schema newSchema,
            @Nullable ZoneId newZone,
            long now) {
        countWaiting();
        Schema oldSchema = readWith == null ? schema : readWith;
        FieldValues old = values;
        readWith = null;
        account().add(-held);
        held = 0;
        node = newNode;
        reader = newReader;
        boundAt = now;
        schema = newSchema;
        zone = newZone;
        beginAnew();
        if (newSchema == null) {
            holdLast();
        } else {
            readAnew(newSchema, oldSchema, old);
        }
        if (conformity.fits()) {
            conformity.fitted(now);
        }
        held = footprint();
        shared.values().add(held);
    }

    /**
     * The policies of the node have changed: what came last may mean something else, and is read
     * anew before anybody looks at it.
     *
     * @param newZone where the source is if its times do not say so; null if nobody knows
     * @param now in milliseconds since the epoch
     * @return false if it means the same
     */
    synchronized boolean applyPolicy(
            @Nullable Schema newSchema, @Nullable ZoneId newZone, long now) {
        Schema before = schema;
        if (before == newSchema && Objects.equals(zone, newZone)) {
            return false;
        }
        boundAt = now;
        schema = newSchema;
        zone = newZone;
        if (payload != null) {
            readWith = readWith == null ? before : readWith == newSchema ? null : readWith;
        }
        return true;
    }

    /**
     * Counts what was refused, and reads what came last anew, if a policy has changed since it was
     * read.
     */
    synchronized void catchUp() {
        countWaiting();
        Schema before = readWith;
        Schema now = schema;
        if (before == null || now == null) {
            return;
        }
        FieldValues old = values;
        readWith = null;
        beginAnew();
        readAnew(now, before, old);
        if (conformity.fits()) {
            conformity.fitted(boundAt);
        }
        recountLess();
    }

    /** Whether it is the topic of this node, and has a model as there, or none. */
    synchronized boolean isBound(Node asNode, @Nullable Schema asSchema) {
        return node == asNode && schema == null == (asSchema == null);
    }

    /** Sets after how long a value is stale; false if it is so already. */
    synchronized boolean staleAfter(int seconds) {
        if (staleAfterSeconds == seconds) {
            return false;
        }
        staleAfterSeconds = seconds;
        staleTold = false;
        return true;
    }

    /**
     * Sets how long payloads may be; 0 = as long as they like. What came last is held against it.
     *
     * @param now in milliseconds since the epoch
     * @return false if it is so already
     */
    synchronized boolean mostBytes(int bytes, long now) {
        if (mostBytes == bytes) {
            return false;
        }
        mostBytes = bytes;
        boundAt = now;
        if (schema == null) {
            conformity.begin();
            holdLast();
            if (conformity.fits()) {
                conformity.fitted(now);
            }
            recountLess();
        } else if (payload != null && readWith == null) {
            readWith = schema;
        }
        return true;
    }

    /** Holds what came last of a node without a model against what is asked of it. */
    private void holdLast() {
        byte[] last = payload;
        Violation large = last == null ? null : tooLarge(last.length, receivedAt);
        if (large != null) {
            conformity.violated(large, true);
        }
    }

    private void beginAnew() {
        recent = null;
        quiet = 0;
        values = null;
        signed = false;
        conformity.begin();
        crowded = null;
    }

    private void readAnew(Schema newSchema, @Nullable Schema oldSchema, @Nullable FieldValues old) {
        byte[] last = payload;
        if (last == null) {
            return;
        }
        FieldValues fresh = fields(newSchema);
        if (oldSchema != null && old != null) {
            fresh.inherit(
                    newSchema.fields(), old, oldSchema.fields(), newSchema.hasTimesAs(oldSchema));
        }
        if (!cut || last.length >= shared.limits().maxPayloadBytes()) {
            Violation found = examine(newSchema, lastMessage(last), cut, new Reading(), fresh);
            fresh.end();
            Violation large = tooLarge(last.length, receivedAt);
            Violation wrong = large == null ? found : large;
            if (wrong != null) {
                conformity.violated(wrong, true);
            }
        }
    }

    /** Puts the topic under no node; false if there is no room for it there. */
    synchronized boolean unbind() {
        countWaiting();
        account().add(-held);
        held = 0;
        node = null;
        reader = null;
        schema = null;
        readWith = null;
        zone = null;
        guard = null;
        staleAfterSeconds = 0;
        mostBytes = 0;
        recent = null;
        values = null;
        sign = null;
        signed = false;
        properties = MessageProperties.NONE;
        conformity.clear();
        crowded = null;
        return recount();
    }

    private Message lastMessage(byte[] bytes) {
        Publisher by = publisher;
        Qos with = qos;
        return new Message(
                TopicName.of(topic),
                bytes,
                with == null ? Qos.AT_MOST_ONCE : with,
                retain,
                properties,
                by == null ? Publisher.SERVER : by,
                receivedAt);
    }

    private ForeignPayload foreign(
            Message message, @Nullable PayloadFormat format, long freshSince) {
        return ForeignPayload.read(
                shared.readers(),
                message,
                format,
                shared.times(),
                zone,
                new ForeignPayload.Patience(
                        freshSince, staleAfterSeconds, shared.limits().maxFutureMicros()));
    }

    private static List<Sample> samplesOf(ForeignPayload read) {
        return read.fields().stream().map(TopicState::sampleOf).toList();
    }

    private static Sample sampleOf(FieldValue value) {
        return new Sample(value.name(), value.json(), value.quality(), value.timestamp(), false);
    }

    /** Marks the state for the listeners; false if it is marked already. Takes no lock. */
    boolean mark() {
        return dirty == 0 && DIRTY.compareAndSet(this, 0, 1);
    }

    void unmark() {
        dirty = 0;
    }

    /** Whether the value has just become older than it should be; true once per message. */
    synchronized boolean becameStale(long now) {
        catchUp();
        if (staleTold || !stale(now)) {
            return false;
        }
        staleTold = true;
        return true;
    }

    synchronized boolean hasMessage() {
        return payload != null;
    }

    /** The node that the topic is of, or null. */
    synchronized @Nullable Node node() {
        return node;
    }

    private boolean stale(long now) {
        return payload != null && measuredAt() < freshSince(now);
    }

    synchronized boolean isStale(long now) {
        return node != null && stale(now);
    }

    /** Since when it is stale; null if it is not. */
    synchronized @Nullable StaleTopic staleSince(long now) {
        Node own = node;
        if (own == null || !stale(now)) {
            return null;
        }
        return new StaleTopic(
                own.path(),
                topic,
                Instant.ofEpochMilli(measuredAt() / 1000 + staleAfterSeconds * 1000L),
                staleAfterSeconds);
    }

    /** When the latest of its values was measured, in microseconds since the epoch. */
    private long measuredAt() {
        FieldValues fields = values;
        long newest = fields == null ? Long.MIN_VALUE : fields.newest();
        return newest == Long.MIN_VALUE ? receivedAt * 1000 : newest;
    }

    /** What was measured before is stale, in microseconds since the epoch. */
    private long freshSince(long now) {
        return staleAfterSeconds == 0 ? Long.MIN_VALUE : (now - staleAfterSeconds * 1000L) * 1000;
    }

    /** The picture of this moment. */
    synchronized TopicValue snapshot(long now) {
        catchUp();
        boolean stale = stale(now);
        byte[] last = payload;
        Schema model = schema;
        if (model != null) {
            FieldValues known = values;
            // A look at a topic without a message leaves nothing behind.
            FieldValues shown = known == null ? new FieldValues(model.fields().size()) : known;
            Standing.Reasons reasons = reasons();
            byte standing =
                    last == null
                            ? Standing.NEVER
                            : isUnread() ? Standing.NO_READER : shown.standing(stale);
            return picture(
                    format(),
                    shown.snapshot(model.fields(), stale, isUnread(), reasons),
                    Standing.quality(standing),
                    reasons.of(standing),
                    last == null ? null : SourceTime.instant(shown.time()),
                    conformity.last());
        }
        if (last == null || cut) {
            return picture(
                    format(),
                    List.of(),
                    last == null ? Quality.GOOD_NO_DATA : Quality.UNCERTAIN,
                    last == null ? null : QualityReason.of(whyCut()),
                    last == null ? null : Instant.ofEpochMilli(receivedAt),
                    conformity.last());
        }
        ForeignPayload read =
                foreign(lastMessage(last), node == null ? null : format(), freshSince(now))
                        .latest();
        String problem = read.problem();
        boolean said = problem != null && !PayloadFormat.BUILT_IN.contains(read.format());
        return picture(
                read.format(),
                read.fields(),
                read.quality(),
                isUnread() ? QualityReason.of(QualityReason.Code.NO_READER) : read.reason(),
                read.time() == null ? Instant.ofEpochMilli(receivedAt) : read.time(),
                said
                        ? violation(
                                Violation.Code.FORMAT,
                                read.why(),
                                "the payload " + problem,
                                receivedAt)
                        : conformity.last());
    }

    /** Shows the sign of the current values, if there are any; it is made if it is not of them. */
    synchronized void sign(Likely into) {
        catchUp();
        boolean none = schema == null ? payload == null || cut : values == null;
        if (none) {
            return;
        }
        long[] own = sign;
        if (!signed || own == null) {
            own = ownSign();
            sign(own, into);
            signed = own == sign;
        }
        into.look(topic, own);
    }

    /** An empty sign; it is kept if there is room for it. */
    private long[] ownSign() {
        long[] own = sign;
        if (own != null) {
            Arrays.fill(own, 0);
            return own;
        }
        own = TextSign.empty();
        MemoryAccount account = account();
        boolean room = node != null || shared.hasRoomToSpare();
        if (room && !forgotten && account.hasRoom(account.bytes(), TextSign.BYTES)) {
            account.add(TextSign.BYTES);
            held += TextSign.BYTES;
            sign = own;
        }
        return own;
    }

    private void sign(long[] into, Likely judge) {
        Schema model = schema;
        FieldValues known = values;
        byte[] last = payload;
        if (model != null && known != null) {
            known.sign(into, judge);
        } else if (last != null
                && ForeignPayload.isPlain(shared.readers(), topic, node == null ? null : format())
                && judge.signs(last.length)) {
            TextSign.add(into, last, 0, last.length);
        } else {
            TextSign.addAll(into);
        }
    }

    /** The values may mean something else now. */
    synchronized void forgetSign() {
        signed = false;
    }

    /** Lets somebody look through the current values. */
    synchronized void find(ValueFinder into) {
        catchUp();
        Schema model = schema;
        if (model != null) {
            FieldValues known = values;
            if (known != null) {
                known.find(model.fields(), into);
            }
            return;
        }
        byte[] last = payload;
        if (last == null || cut) {
            return;
        }
        PayloadFormat own = node == null ? null : format();
        Message message = lastMessage(last);
        if (!into.mayBeIn(last, ForeignPayload.isPlain(shared.readers(), topic, own))) {
            return;
        }
        for (FieldValue each : foreign(message, own, Long.MIN_VALUE).latest().fields()) {
            String json = each.json();
            if (json != null) {
                byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
                into.unknown(each.name(), bytes, 0, bytes.length);
            }
        }
    }

    private QualityReason.Code whyCut() {
        return payload == NOT_KEPT ? QualityReason.Code.NO_ROOM : QualityReason.Code.TOO_LARGE;
    }

    private Standing.Reasons reasons() {
        return new Standing.Reasons(
                staleAfterSeconds, shared.limits().maxFutureMicros() / 1_000_000);
    }

    /** Adds a topic without a node to those whose payloads look like its last one. */
    synchronized void addTo(Clusters clusters) {
        byte[] last = payload;
        if (last == null || node != null) {
            return;
        }
        PayloadFormat seen = PayloadFormat.BINARY;
        List<String> names = List.of();
        if (!cut) {
            ForeignPayload read = foreign(lastMessage(last), null, Long.MIN_VALUE);
            seen = read.format();
            names = read.fields().stream().map(FieldValue::name).distinct().sorted().toList();
        }
        boolean bare = seen.equals(PayloadFormat.SCALAR) || seen.equals(PayloadFormat.TEXT);
        Publisher by = publisher;
        String name =
                by == null ? "" : by.description().isEmpty() ? by.clientId() : by.description();
        clusters.add(topic, new Clusters.Shape(seen, bare ? List.of() : names), name);
    }

    /** What the list of topics without a node says. */
    synchronized UnmodeledTopic unmodeled() {
        return new UnmodeledTopic(topic, Instant.ofEpochMilli(receivedAt), messages);
    }

    private PayloadFormat format() {
        Node own = node;
        return own == null ? PayloadFormat.BINARY : own.payload().format();
    }

    private TopicValue picture(
            PayloadFormat format,
            List<FieldValue> fields,
            Quality quality,
            @Nullable QualityReason reason,
            @Nullable Instant time,
            @Nullable Violation found) {
        Node own = node;
        FormatReader byFormat = reader;
        boolean violating = isViolating();
        Violation lack = crowded;
        Violation shown = lack != null ? lack : found;
        if (shown == null && byFormat != null && byFormat.isMissing()) {
            shown =
                    violation(
                            Violation.Code.FORMAT,
                            byFormat.missingReason(),
                            byFormat.missing(),
                            boundAt);
        }
        boolean nothingYet = payload == null;
        return new TopicValue(
                topic,
                own == null ? null : own.id(),
                format,
                fields,
                quality,
                reason,
                payload,
                time,
                nothingYet ? null : Instant.ofEpochMilli(receivedAt),
                publisher,
                qos,
                retain,
                messages,
                conformity.total(),
                conformity.inARow(violating),
                conformity.since(),
                lateMessages,
                shown,
                conformity.fits()
                        && !areValuesLost()
                        && (shown == conformity.last() || shown == lack || nothingYet));
    }

    private boolean areValuesLost() {
        Violation lack = crowded;
        return lack != null && lack.detail().equals(VALUES_NOT_KEPT);
    }
}
