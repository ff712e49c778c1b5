package io.busbar.uns.registry.gate;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.ValidationMode;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.model.Schema;
import io.busbar.uns.registry.payload.FormatReader;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the messages of one topic before they are delivered. Immutable and thread-safe.
 *
 * @param node whose model it is
 * @param mode what happens to messages that do not fit
 * @param reader reads the payloads
 * @param mostBytes longer payloads are not read and do not fit
 */
public record Guard(
        Node node, ValidationMode mode, Schema schema, FormatReader reader, int mostBytes) {
    /** What one takes of the heap. */
    public static final int BYTES = 32;

    /**
     * What a topic's node asks for.
     *
     * @param schema null if the model has no fields: then everything fits
     * @return null if messages are delivered whatever they are
     */
    public static @Nullable Guard of(
            Node node,
            ValidationMode mode,
            @Nullable Schema schema,
            FormatReader reader,
            int mostBytes) {
        return schema == null || !mode.isBeforeDelivery()
                ? null
                : new Guard(node, mode, schema, reader, mostBytes);
    }

    /** Whether messages that do not fit are refused. */
    boolean refuses() {
        return mode == ValidationMode.REJECT;
    }

    /** Whether the payloads are read by another bundle, which may hang. */
    boolean isForeign() {
        return reader.isForeign();
    }

    /** Whether messages have to be asked for by their topic: the filter of a branch misses it. */
    public boolean isApart() {
        return !node.topic().equals(node.path());
    }

    /** The same with another model. */
    public Guard with(Model model) {
        return new Guard(node, mode, schema.with(model), reader, mostBytes);
    }

    /** Whether something that is wrong keeps a message from being delivered; not if null. */
    public boolean keeps(@Nullable Violation wrong) {
        return wrong != null
                && (mode == ValidationMode.REJECT || mode == ValidationMode.QUARANTINE)
                && !schema.isWarning(wrong);
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
            return schema.tooLong(bytes, mostBytes, message.receivedAt());
        }
        return schema.examine(reader, message, look.reading(), look.fields(schema));
    }
}
