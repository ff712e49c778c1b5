package io.busbar.uns.registry.value;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.Sample;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnmodeledTopic;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.model.FieldSink;
import io.busbar.uns.registry.model.Schema;
import io.busbar.uns.registry.payload.ForeignPayload;
import io.busbar.uns.registry.payload.FormatReader;
import io.busbar.uns.registry.payload.Reading;
import io.busbar.uns.registry.payload.SourceTime;
import io.busbar.uns.registry.sample.SampleTap;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * What is known of one topic, kept mutable so that a message costs no picture of it. Every method
 * takes the state's own lock for a moment; the writer is the registry's message thread, readers
 * come from anywhere.
 */
final class TopicState {
    final String topic;

    private final Shared shared;

    private @Nullable Node node;

    /** Reads the payloads of {@link #node}; there if the node is. */
    private @Nullable FormatReader reader;

    /** When the topic was put under its node. */
    private long boundAt;

    /** The model of {@link #node}, if it has fields. */
    private @Nullable Schema schema;

    private @Nullable FieldValues values;
    private byte @Nullable [] payload;
    private boolean cut;
    private MessageProperties properties = MessageProperties.NONE;
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

    TopicState(String topic, Shared shared) {
        this.topic = topic;
        this.shared = shared;
    }

    /**
     * Takes a message.
     *
     * @param replayed a retained message from before: not counted, no sample, and ignored if
     *     something newer came
     * @param room how many payload bytes may be kept beyond those of the last message
     * @param into takes what came of it
     */
    synchronized void accept(Message message, boolean replayed, long room, Acceptance into) {
        into.begin();
        if (replayed && payload != null && message.receivedAt() <= receivedAt) {
            return;
        }
        keep(message, replayed, room, into);
        Node own = node;
        if (own == null) {
            return;
        }
        boolean sampled = !replayed && shared.samples().isWanted(own);
        Schema model = schema;
        if (model == null) {
            if (sampled && !cut) {
                into.samples = samplesOf(foreign(message, own.payload().format(), false));
                into.sampled = own;
            }
            return;
        }
        FieldValues fields = fields(model);
        SampleTap tap = sampled ? new SampleTap(fields, model.fields()) : null;
        Violation wrong = examine(model, message, into.reading, tap == null ? fields : tap);
        if (tap != null) {
            into.samples = tap.samples();
            into.sampled = own;
        }
        valid = wrong == null;
        if (wrong != null) {
            lastViolation = wrong;
            if (!replayed && !isUnread()) {
                violations++;
                into.violated = true;
            }
        }
    }

    private void keep(Message message, boolean replayed, long room, Acceptance into) {
        byte[] bytes = message.payload();
        int before = payload == null ? 0 : payload.length;
        int kept = Math.min(bytes.length, shared.limits().maxPayloadBytes());
        if (node == null && kept - before > room) {
            kept = 0;
        }
        cut = kept < bytes.length;
        payload = cut ? Arrays.copyOf(bytes, kept) : bytes;
        properties = node == null ? MessageProperties.NONE : message.properties();
        publisher = message.publisher();
        qos = message.qos();
        retain = message.retain() || replayed;
        receivedAt = message.receivedAt();
        staleTold = false;
        if (!replayed) {
            messages++;
        }
        into.keptBytes = node == null ? kept - before : 0;
    }

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

    /** Reads a payload into the fields; what is wrong with it, if anything is checked. */
    private @Nullable Violation examine(
            Schema model, Message message, Reading reading, FieldSink into) {
        FormatReader own = reader;
        if (cut || own == null) {
            into.begin(receivedAt * 1000);
            into.unreadable();
            return model.checks()
                    ? violation(
                            Violation.Code.SIZE,
                            "the payload has "
                                    + message.payload().length
                                    + " bytes (expected: at most "
                                    + shared.limits().maxPayloadBytes()
                                    + ")",
                            receivedAt)
                    : null;
        }
        own.read(message, model.model(), reading);
        return model.hold(reading, receivedAt, into);
    }

    private static Violation violation(Violation.Code code, String detail, long at) {
        return new Violation(code, "", detail, Instant.ofEpochMilli(at));
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
     * @param now in milliseconds since the epoch
     */
    synchronized void bind(
            Node newNode, FormatReader newReader, @Nullable Schema newSchema, long now) {
        Schema oldSchema = schema;
        FieldValues old = values;
        node = newNode;
        reader = newReader;
        boundAt = now;
        schema = newSchema;
        values = null;
        valid = true;
        lastViolation = null;
        if (newSchema == null) {
            return;
        }
        byte[] last = payload;
        if (last == null) {
            return;
        }
        FieldValues fresh = fields(newSchema);
        if (oldSchema != null && old != null) {
            fresh.inherit(newSchema.fields(), old, oldSchema.fields());
        }
        if (!cut || last.length >= shared.limits().maxPayloadBytes()) {
            lastViolation = examine(newSchema, lastMessage(last), new Reading(), fresh);
            valid = lastViolation == null;
        }
    }

    /** Puts the topic under no node. */
    synchronized void unbind() {
        node = null;
        reader = null;
        schema = null;
        values = null;
        properties = MessageProperties.NONE;
        valid = true;
        lastViolation = null;
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

    private ForeignPayload foreign(Message message, @Nullable PayloadFormat format, boolean stale) {
        return ForeignPayload.read(
                shared.readers(),
                message,
                format,
                shared.times(),
                shared.limits().maxFutureMicros(),
                stale);
    }

    private static List<Sample> samplesOf(ForeignPayload read) {
        return read.fields().stream().map(TopicState::sampleOf).toList();
    }

    private static Sample sampleOf(FieldValue value) {
        return new Sample(value.name(), value.json(), value.quality(), value.timestamp());
    }

    /** Marks the state for the listeners; false if it is marked already. */
    synchronized boolean mark() {
        if (dirty) {
            return false;
        }
        dirty = true;
        return true;
    }

    synchronized void unmark() {
        dirty = false;
    }

    /** Whether the value has just become older than it should be; true once per message. */
    synchronized boolean becameStale(long now) {
        if (staleTold || !stale(now)) {
            return false;
        }
        staleTold = true;
        return true;
    }

    synchronized boolean hasMessage() {
        return payload != null;
    }

    synchronized int payloadBytes() {
        return payload == null ? 0 : payload.length;
    }

    /** The node that the topic is of, or null. */
    synchronized @Nullable Node node() {
        return node;
    }

    private boolean stale(long now) {
        Node own = node;
        return own != null
                && own.policy().staleAfterSeconds() > 0
                && payload != null
                && now - receivedAt > own.policy().staleAfterSeconds() * 1000L;
    }

    /** The picture of this moment. */
    synchronized TopicValue snapshot(long now) {
        boolean stale = stale(now);
        byte[] last = payload;
        Schema model = schema;
        if (model != null) {
            FieldValues known = values;
            // A look at a topic without a message leaves nothing behind.
            FieldValues shown = known == null ? new FieldValues(model.fields().size()) : known;
            return picture(
                    format(),
                    shown.snapshot(model.fields(), stale, isUnread()),
                    last == null ? Quality.GOOD_NO_DATA : shown.quality(stale),
                    last == null ? null : SourceTime.instant(shown.time()),
                    lastViolation);
        }
        if (last == null || cut) {
            return picture(
                    format(),
                    List.of(),
                    last == null ? Quality.GOOD_NO_DATA : Quality.UNCERTAIN,
                    last == null ? null : Instant.ofEpochMilli(receivedAt),
                    null);
        }
        ForeignPayload read = foreign(lastMessage(last), node == null ? null : format(), stale);
        String problem = read.problem();
        boolean said = problem != null && !PayloadFormat.BUILT_IN.contains(read.format());
        return picture(
                read.format(),
                read.fields(),
                read.quality(),
                read.time() == null ? Instant.ofEpochMilli(receivedAt) : read.time(),
                said
                        ? violation(Violation.Code.FORMAT, "the payload " + problem, receivedAt)
                        : null);
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
            @Nullable Instant time,
            @Nullable Violation found) {
        Node own = node;
        FormatReader byFormat = reader;
        Violation shown = found;
        if (shown == null && byFormat != null && byFormat.isMissing()) {
            shown = violation(Violation.Code.FORMAT, byFormat.missing(), boundAt);
        }
        boolean nothingYet = payload == null;
        return new TopicValue(
                topic,
                own == null ? null : own.id(),
                format,
                fields,
                quality,
                payload,
                time,
                nothingYet ? null : Instant.ofEpochMilli(receivedAt),
                publisher,
                qos,
                retain,
                messages,
                violations,
                shown,
                valid && (shown == lastViolation || nothingYet));
    }
}
