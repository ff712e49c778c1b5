package io.busbar.api.uns.spi;

import io.busbar.api.uns.TopicValue;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Follows values. Published as a service. Called on one thread of the registry with the latest
 * value of each topic that changed, at most every few dozen milliseconds per topic: values in
 * between are skipped, the last one never is. In order per topic; must return at once.
 */
@ConsumerType
public interface ValueListener {
    void onValue(TopicValue value);

    /**
     * Whether the listener wants values of a topic at this moment. Asked before a value is put
     * together, so a listener that nobody watches through costs nothing.
     */
    default boolean wants(String topic) {
        return true;
    }
}
