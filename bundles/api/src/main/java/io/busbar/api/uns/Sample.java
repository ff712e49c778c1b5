package io.busbar.api.uns;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One value of one field, as one message brought it.
 *
 * @param field the field's name; {@code value} for a bare value of a topic without a model
 * @param json the value as JSON text, exactly as it came; null if it did not fit the model
 * @param quality Good, Uncertain or Bad
 * @param timestamp when it was true, by the source's clock if that is readable
 */
public record Sample(String field, @Nullable String json, Quality quality, Instant timestamp) {}
