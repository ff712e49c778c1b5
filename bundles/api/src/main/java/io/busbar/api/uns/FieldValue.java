package io.busbar.api.uns;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The latest value of a field.
 *
 * @param json the value as JSON text, exactly as it came; null if nothing readable came yet. A
 *     value that does not fit the model is never stored: a Bad field keeps its last good value
 * @param timestamp when it was true, by the source's clock if that is readable
 */
public record FieldValue(
        String name, @Nullable String json, Quality quality, @Nullable Instant timestamp) {}
