package io.busbar.mqtt.broker.delivery;

import io.busbar.api.mqtt.Qos;
import org.jspecify.annotations.Nullable;

/** A Shared Subscription: its members take turns. */
public interface Share {
    /**
     * Chooses the member that gets the next message; thread-safe.
     *
     * @param qos the message was published with
     * @param except a member that must not be chosen, or null
     * @return null if no member can take it
     */
    @Nullable Match choose(Qos qos, @Nullable Subscriber except);
}
