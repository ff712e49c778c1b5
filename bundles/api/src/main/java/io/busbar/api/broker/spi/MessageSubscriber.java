package io.busbar.api.broker.spi;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Receives messages inside the server. Published as a service with the property {@link
 * #TOPIC_FILTER}: one filter or an array of them. The filter {@code #} does not match {@code
 * $}-topics.
 *
 * <p>Each consumer has a bounded queue and its own thread, so a slow consumer does not slow down
 * clients. While its queue is full, only the latest message of each topic is kept; the messages it
 * replaces are counted as missed. Messages of one topic arrive in order. When the service appears,
 * it first receives the matching retained messages. If its queue is full even of latest messages,
 * others are missed; when it has caught up, it receives all matching retained messages again. An
 * exception from it is logged and counted, and the next message follows.
 */
@ConsumerType
public interface MessageSubscriber {
    /** Name of the service property that holds the topic filter or filters. */
    String TOPIC_FILTER = "topic.filter";

    /**
     * Called for each message, on the consumer's own thread. May block.
     *
     * @param message the message; its payload must not be modified
     * @param retained true for a retained message that is handed over at the start, or again after
     *     some were missed; false for a message that was just published. If more is published
     *     meanwhile than the queue holds, some of that comes in between: then a retained message
     *     may be older than what came of its topic, see {@link Message#receivedAt}
     */
    void onMessage(Message message, boolean retained);

    /**
     * Called when messages were missed because the queue was full. Runs on the same thread as
     * {@link #onMessage} and in order with it: before the message of the same topic that replaced
     * them, or before the next message if their topics are not known.
     *
     * @param topic the topic of the missed messages; null if more topics were affected than the
     *     queue can tell apart
     * @param messages how many messages were missed
     */
    default void onMissed(@Nullable TopicName topic, long messages) {}
}
