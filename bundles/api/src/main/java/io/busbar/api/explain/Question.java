package io.busbar.api.explain;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to know.
 *
 * @param topic the topic
 * @param message the message to be explained, e.g. the last one; null = the Retained Message, or
 *     else an empty one of QoS 1 that nobody has sent
 * @param clientId the client that is asked about in particular; null = none
 * @param limit how many receivers to tell one by one, 0 to {@link Explanations#MOST_LISTED}
 * @param whatIf what is to be taken as changed
 */
public record Question(
        TopicName topic,
        @Nullable Message message,
        @Nullable String clientId,
        int limit,
        WhatIf whatIf) {
    public Question {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(whatIf, "whatIf");
        if (limit < 0 || limit > Explanations.MOST_LISTED) {
            throw new IllegalArgumentException(
                    "limit: " + limit + " (expected: 0 to " + Explanations.MOST_LISTED + ")");
        }
    }

    /** Returns this as if something were changed. */
    public Question as(WhatIf newWhatIf) {
        return new Question(topic, message, clientId, limit, newWhatIf);
    }
}
