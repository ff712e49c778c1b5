package io.busbar.api.broker.spi;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A consumer of messages inside the server. Published as a service with the property {@link
 * #TOPIC_FILTER} (one filter or an array; {@code #} does not match {@code $}-topics).
 *
 * <p>Each consumer has a bounded queue and a thread of its own, so it can be slow, but never slows
 * a client: when the queue is full, of the messages that follow only the latest of each topic is
 * kept, and the others are counted. Messages of one topic arrive in order. When the service
 * appears, the retained messages that match are handed over first. What it throws is logged and
 * counted, and the next message follows.
 */
@ConsumerType
public interface MessageSubscriber {
    /** Service property: the topic filter or filters. */
    String TOPIC_FILTER = "topic.filter";

    /**
     * Takes a message.
     *
     * @param retained whether it is a retained message handed over at the start rather than one
     *     just published
     */
    void onMessage(Message message, boolean retained);

    /**
     * Messages are not handed over because the queue was full. Called on the thread of {@link
     * #onMessage} and in its order: before the message of the same topic that took their place, or
     * before the next message if the topics are not known.
     *
     * @param topic what they were published to; null if more topics than the queue can tell apart
     *     were published to meanwhile
     * @param messages how many
     */
    default void onMissed(@Nullable TopicName topic, long messages) {}
}
