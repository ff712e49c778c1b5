package io.busbar.api.uns;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The latest value of a field.
 *
 * @param name the field's name
 * @param json the value as JSON text, exactly as it arrived; null if no readable value has arrived
 *     yet. A value that does not fit the model is not stored: the field becomes Bad and keeps its
 *     last good value
 * @param quality how far the value can be trusted
 * @param reason why it is Uncertain or Bad; otherwise null
 * @param timestamp when the value was measured, by the source's clock if it could be read; null if
 *     nothing has arrived yet
 */
public record FieldValue(
        String name,
        @Nullable String json,
        Quality quality,
        @Nullable QualityReason reason,
        @Nullable Instant timestamp) {
    /** A value of which nothing has to be explained. */
    public FieldValue(
            String name, @Nullable String json, Quality quality, @Nullable Instant timestamp) {
        this(name, json, quality, null, timestamp);
    }
}
