package io.busbar.uns.registry.value;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.model.Schema;
import io.busbar.uns.registry.payload.ForeignPayload;
import io.busbar.uns.registry.payload.JsonScan;
import io.busbar.uns.registry.payload.SourceTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one topic, kept mutable so that a message costs no picture of it. Every method
 * takes the state's own lock for a moment; the writer is the registry's message thread, readers
 * come from anywhere.
 */
public final class TopicState {
    public final String topic;

    private @Nullable Node node;
    private @Nullable Schema schema;
    private @Nullable FieldValues values;
    private byte @Nullable [] payload;
    private boolean cut;
    private @Nullable Publisher publisher;
    private @Nullable Qos qos;
    private boolean retain;
    private long receivedAt;
    private long messages;
    private long violations;
    private @Nullable Violation lastViolation;
    private boolean valid = true;

    /** Waits to be told to listeners. Guarded by the state's lock. */
    private boolean dirty;

    /** Was reported stale since the last message. */
    private boolean staleTold;

    public TopicState(String topic) {
        this.topic = topic;
    }

    /**
     * Takes a message.
     *
     * @param replayed a retained message from before: not counted, and ignored if something newer
     *     came
     * @param limits how much is read and kept
     * @param room how many payload bytes may be kept beyond those of the last message
     * @return how many more bytes are kept now, with {@link #VIOLATED} set if the payload did not
     *     fit
     */
    public synchronized long accept(
            Message message, boolean replayed, JsonScan scan, Limits limits, long room) {
        if (replayed && payload != null && message.receivedAt() <= receivedAt) {
            return 0;
        }
        byte[] bytes = message.payload();
        int before = payload == null ? 0 : payload.length;
        boolean tooLarge = bytes.length > limits.maxPayloadBytes();
        Schema model = schema;
        int keep = tooLarge ? limits.maxPayloadBytes() : bytes.length;
        if (node == null && keep - before > room) {
            keep = 0;
        }
        cut = keep < bytes.length;
        payload = cut ? Arrays.copyOf(bytes, keep) : bytes;
        publisher = message.publisher();
        qos = message.qos();
        retain = message.retain() || replayed;
        receivedAt = message.receivedAt();
        staleTold = false;
        if (!replayed) {
            messages++;
        }
        long kept = node == null ? keep - before : 0;
        if (model == null) {
            return kept;
        }
        Violation wrong = examine(model, bytes, tooLarge, scan, limits);
        valid = wrong == null;
        if (wrong != null) {
            lastViolation = wrong;
            if (!replayed) {
                violations++;
                return kept | VIOLATED;
            }
        }
        return kept;
    }

    /**
     * Set in the answer of {@link #accept} if the payload did not fit; byte counts stay far below
     * it.
     */
    public static final long VIOLATED = 1L << 62;

    /** A message was cleared: an empty retained one, which is no value. */
    public synchronized void count() {
        messages++;
    }

    private @Nullable Violation examine(
            Schema model, byte[] bytes, boolean tooLarge, JsonScan scan, Limits limits) {
        FieldValues into = values;
        if (into == null) {
            into = new FieldValues(model.size());
            values = into;
        }
        Violation wrong;
        if (tooLarge) {
            into.begin(receivedAt * 1000);
            into.unreadable();
            wrong =
                    new Violation(
                            Violation.Code.SIZE,
                            "",
                            "the payload has "
                                    + bytes.length
                                    + " bytes (expected: at most "
                                    + limits.maxPayloadBytes()
                                    + ")",
                            Instant.ofEpochMilli(receivedAt));
        } else {
            wrong = model.read(bytes, receivedAt, scan, into);
        }
        return model.checks ? wrong : null;
    }

    /**
     * Puts the topic under a node, or under none; what came last is read anew, without counting.
     */
    public synchronized void bind(
            @Nullable Node newNode, @Nullable Schema newSchema, Limits limits) {
        Schema oldSchema = schema;
        FieldValues old = values;
        node = newNode;
        schema = newSchema;
        values = null;
        valid = true;
        if (newSchema == null) {
            lastViolation = null;
            return;
        }
        if (oldSchema != null && old != null) {
            FieldValues fresh = new FieldValues(newSchema.size());
            fresh.inherit(newSchema.fields(), old, oldSchema.fields());
            values = fresh;
        }
        byte[] last = payload;
        if (last != null && (!cut || last.length >= limits.maxPayloadBytes())) {
            Violation wrong = examine(newSchema, last, cut, new JsonScan(), limits);
            valid = wrong == null;
            lastViolation = wrong;
        } else {
            lastViolation = null;
        }
    }

    /** Marks the state for the listeners; false if it is marked already. */
    public synchronized boolean mark() {
        if (dirty) {
            return false;
        }
        dirty = true;
        return true;
    }

    public synchronized void unmark() {
        dirty = false;
    }

    /** Whether the value has just become older than it should be; true once per message. */
    public synchronized boolean becameStale(long now) {
        if (staleTold || !stale(now)) {
            return false;
        }
        staleTold = true;
        return true;
    }

    public synchronized boolean hasMessage() {
        return payload != null;
    }

    public synchronized int payloadBytes() {
        return payload == null ? 0 : payload.length;
    }

    private boolean stale(long now) {
        Node own = node;
        return own != null
                && own.policy().staleAfterSeconds() > 0
                && payload != null
                && now - receivedAt > own.policy().staleAfterSeconds() * 1000L;
    }

    /** The picture of this moment. */
    public synchronized TopicValue snapshot(long now, SourceTime times, Limits limits) {
        Node own = node;
        byte[] last = payload;
        boolean stale = stale(now);
        PayloadFormat format = own == null ? PayloadFormat.BINARY : own.payload().format();
        List<FieldValue> fields = List.of();
        Quality quality = Quality.GOOD_NO_DATA;
        Instant time = null;
        Schema model = schema;
        FieldValues known = values;
        if (model != null) {
            FieldValues shown = known == null ? new FieldValues(model.size()) : known;
            fields = shown.snapshot(model.fields(), stale);
            if (last != null) {
                quality = shown.quality(stale);
                time = SourceTime.instant(shown.time());
            }
        } else if (last != null) {
            time = Instant.ofEpochMilli(receivedAt);
            if (cut) {
                quality = Quality.UNCERTAIN;
            } else {
                ForeignPayload read =
                        ForeignPayload.read(
                                topic,
                                own == null ? null : format,
                                last,
                                receivedAt,
                                times,
                                limits.maxFutureMicros(),
                                stale);
                format = read.format();
                fields = read.fields();
                quality = read.quality();
                if (read.time() != null) {
                    time = read.time();
                }
            }
        }
        return new TopicValue(
                topic,
                own == null ? null : own.id(),
                format,
                fields,
                quality,
                last,
                time,
                last == null ? null : Instant.ofEpochMilli(receivedAt),
                publisher,
                qos,
                retain,
                messages,
                violations,
                lastViolation,
                valid);
    }
}
