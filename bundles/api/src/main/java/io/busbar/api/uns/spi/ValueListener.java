package io.busbar.api.uns.spi;

import io.busbar.api.uns.TopicValue;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Follows values. Published as a service. Called on the registry's thread for every message, in
 * order per topic: must return at once.
 */
@ConsumerType
public interface ValueListener {
    void onValue(TopicValue value);
}
