package io.busbar.api.uns;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One value of one field from one message. Part of {@link NodeSamples}.
 *
 * @param field the field's name; {@code value} if the topic has no model and the payload is a
 *     single value
 * @param json the value as JSON text, exactly as it arrived; null if it did not fit the model
 * @param quality Good, Uncertain or Bad
 * @param timestamp when the value was measured: the source's time if it could be read, otherwise
 *     when the message arrived
 * @param late whether the topic had a newer value already, by the times of the source: it is
 *     history, and the current value stayed as it was
 */
public record Sample(
        String field, @Nullable String json, Quality quality, Instant timestamp, boolean late) {}
