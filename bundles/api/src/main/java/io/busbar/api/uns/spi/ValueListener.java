package io.busbar.api.uns.spi;

import io.busbar.api.uns.TopicValue;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Receives the latest values of topics. Published as a service.
 *
 * <p>Called on one thread of the registry, at most every few dozen milliseconds per topic. Values
 * in between may be skipped, but the last one never is. The values of a topic arrive in order.
 * Methods must return at once. A call that does not is interrupted, and the listener is left alone
 * for a while, like a {@link PayloadReader}; it misses values meanwhile.
 */
@ConsumerType
public interface ValueListener {
    /** Called with the latest value of a topic that has changed. */
    void onValue(TopicValue value);

    /**
     * Returns whether the listener wants values of a topic at the moment. Asked before a value is
     * prepared, so a listener that answers no costs almost nothing.
     */
    default boolean wants(String topic) {
        return true;
    }
}
