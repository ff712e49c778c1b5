package io.busbar.api.explain;

import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message, from its publisher to those who receive it. What the namespace says of
 * it is told by {@link io.busbar.api.uns.Contracts}.
 *
 * @param message the message that is explained
 * @param basis where it is from
 * @param sender who published it, and what lets it
 * @param interceptors the names of those who judge messages of the topic, in their order
 * @param retained the Retained Message of the topic; null if there is none
 * @param audience who subscribes to the topic
 * @param client the client that was asked about; null if none was
 * @param refused what clients were refused lately that concerns the topic, newest first: publishing
 *     to it, or subscribing to it
 */
public record Explanation(
        Message message,
        Basis basis,
        PublishedBy sender,
        List<String> interceptors,
        @Nullable Message retained,
        Audience audience,
        @Nullable Receiver client,
        List<Rejection> refused) {
    public Explanation {
        interceptors = List.copyOf(interceptors);
        refused = List.copyOf(refused);
    }

    /** Where the message of an explanation is from. */
    public enum Basis {
        /** It was part of the question. */
        GIVEN,
        /** It is the Retained Message. */
        RETAINED,
        /** Nobody has sent it: an empty one of QoS 1 by nobody. */
        ASSUMED
    }
}
