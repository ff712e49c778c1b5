package io.busbar.uns.registry.gate;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.EffectivePolicy;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.ValidationMode;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.model.Excess;
import io.busbar.uns.registry.model.Schema;
import io.busbar.uns.registry.payload.FormatReader;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the messages of one topic before they are delivered. Thread-safe; only its pace
 * changes.
 *
 * @param node whose model it is
 * @param mode what happens to messages that do not fit
 * @param schema null if the model has no fields, so that every payload fits it
 * @param reader reads the payloads
 * @param mostBytes longer payloads are not read and do not fit
 * @param pace how many messages may come; null = any number
 * @param closes whether connections are closed of publishers that cannot be told of a refusal
 */
public record Guard(
        Node node,
        ValidationMode mode,
        @Nullable Schema schema,
        FormatReader reader,
        int mostBytes,
        @Nullable Pace pace,
        boolean closes) {
    /** What one takes of the heap, and its pace. */
    private static final int BYTES = 40;

    private static final int PACE_BYTES = 32 + 24;

    /**
     * What a topic's node asks for.
     *
     * @param policy what holds for the node
     * @param schema null if the model has no fields
     * @param mostBytes longer payloads are not read
     * @param before what was asked for until now: if as many messages may come, it goes on counting
     * @return null if messages are delivered whatever they are
     */
    public static @Nullable Guard of(
            Node node,
            EffectivePolicy policy,
            @Nullable Schema schema,
            FormatReader reader,
            int mostBytes,
            @Nullable Guard before) {
        ValidationMode mode = policy.validation().value();
        int bound = policy.maxPayloadBytes().value();
        int perSecond = policy.maxMessagesPerSecond().value();
        Guard guard =
                new Guard(
                        node,
                        mode,
                        schema,
                        reader,
                        bytes(bound, schema == null ? Integer.MAX_VALUE : mostBytes),
                        perSecond == 0 ? null : pace(perSecond, before),
                        policy.closeOnReject().value());
        return guard.checks() || perSecond > 0 ? guard : null;
    }

    /**
     * Looks at single messages as with this model and this mode; counts nothing.
     *
     * @param bound more bytes of a payload do not fit; 0 = any number does
     * @param mostBytes longer payloads are not read
     * @return null if all of them fit
     */
    public static @Nullable Guard judging(
            Node node,
            ValidationMode mode,
            @Nullable Schema schema,
            FormatReader reader,
            int bound,
            int mostBytes) {
        int bytes = bytes(bound, schema == null ? Integer.MAX_VALUE : mostBytes);
        return schema == null && bound == 0
                ? null
                : new Guard(node, mode, schema, reader, bytes, null, false);
    }

    private static int bytes(int bound, int mostBytes) {
        return bound == 0 ? mostBytes : Math.min(bound, mostBytes);
    }

    private static Pace pace(int perSecond, @Nullable Guard before) {
        Pace known = before == null ? null : before.pace;
        return known != null && known.perSecond() == perSecond ? known : new Pace(perSecond);
    }

    /** The bytes of the heap that one takes; nothing for null. */
    public static int footprint(@Nullable Guard guard) {
        return guard == null ? 0 : guard.pace == null ? BYTES : BYTES + PACE_BYTES;
    }

    /** Whether payloads are looked at; where it is told of each, also if all of them fit. */
    boolean checks() {
        return mode == ValidationMode.ANNOTATE
                || mode.isBeforeDelivery() && (schema != null || mostBytes < Integer.MAX_VALUE);
    }

    /** Whether messages that do not fit are refused. */
    boolean refuses() {
        return mode == ValidationMode.REJECT;
    }

    /** Whether the payloads are read by another bundle, which may hang. */
    boolean isForeign() {
        return schema != null && reader.isForeign();
    }

    /** Whether nobody is there who reads the payloads. */
    boolean isUnreadable() {
        return schema != null && reader.isMissing();
    }

    /** Whether messages have to be asked for by their topic: the filter of a branch misses it. */
    public boolean isApart() {
        return !node.topic().equals(node.path());
    }

    /** The same with another model, which has fields as this one has. */
    public Guard with(Schema other) {
        return new Guard(node, mode, other, reader, mostBytes, pace, closes);
    }

    /** Whether something that is wrong keeps a message from being delivered; not if null. */
    public boolean keeps(@Nullable Violation wrong) {
        return wrong != null
                && (mode == ValidationMode.REJECT || mode == ValidationMode.QUARANTINE)
                && (schema == null || !schema.isWarning(wrong));
    }

    /**
     * The first thing that is wrong with a message; null if it fits. May block if another bundle
     * reads the payload.
     */
    public @Nullable Violation examine(Message message) {
        return examine(message, new Look());
    }

    /** The same with room to look in. */
    @Nullable Violation examine(Message message, Look look) {
        int bytes = message.payload().length;
        if (bytes > mostBytes) {
            return Excess.size(bytes, mostBytes, message.receivedAt());
        }
        Schema model = schema;
        return model == null
                ? null
                : model.examine(reader, message, look.reading(), look.fields(model));
    }
}
