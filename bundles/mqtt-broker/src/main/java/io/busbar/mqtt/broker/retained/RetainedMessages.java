package io.busbar.mqtt.broker.retained;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.loop.Background;
import io.busbar.mqtt.broker.loop.Loop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Retained Messages: limited by number, payload bytes and memory. Changes are decided and can
 * be seen at once, and go to the store. Thread-safe.
 */
public interface RetainedMessages {
    /** What became of a change. */
    enum Change {
        /** There was nothing to change. */
        NONE,
        /** A bound forbids it; what there was, if anything, stays. */
        REFUSED,
        /** It is written with the turn of the loop. */
        IN_TURN,
        /** It is written within the time that the configuration says. */
        LATER
    }

    /** Brings back what the store has kept: within no bound, or it would be lost. */
    void restore();

    int size();

    /** Payload bytes kept. */
    long bytes();

    /** Bytes of memory that a message takes whose topic has none yet, about. */
    long memoryOf(Message message);

    /**
     * Sets or replaces the message of its topic [MQTT5-3.3.1-5].
     *
     * @param loop whose turn it is
     */
    Change put(Loop loop, Message message);

    /** Removes the message of the topic of another one, which is empty [MQTT5-3.3.1-6]. */
    Change remove(Loop loop, Message empty);

    /**
     * The message of a topic, or null if there is none or its lifetime is over. May wait for the
     * store.
     *
     * @throws io.busbar.api.storage.StorageException if it cannot be read
     */
    @Nullable Message get(TopicName topic);

    /** A walk over the messages that match a filter, for a subscriber. */
    RetainedCursor cursor(TopicFilter filter);

    /**
     * The messages that match any of the filters, each once.
     *
     * @param most how many are wanted
     * @param subscribed whether the asker gets what changes from now on anyhow: then it may be left
     *     out
     */
    RetainedWalk walk(List<TopicFilter> filters, int most, boolean subscribed);

    /** Removes, in portions, the messages whose lifetime is over [MQTT5-3.3.2-5]. */
    Background.Work expiry(Loop home, long now);

    /** Hands what was not written yet to the turn of the broker's own loop, on it, at the end. */
    void writeAll();
}
