package io.busbar.mqtt.broker.delivery;

import io.busbar.api.mqtt.Message;
import org.jspecify.annotations.Nullable;

/** A Shared Subscription, whose members take turns in receiving messages. */
public interface Share {
    /**
     * Chooses the member that gets the next message; thread-safe.
     *
     * @param message to be delivered
     * @param except a member that must not be chosen, or null
     * @return null if no member can take it
     */
    @Nullable Match choose(Message message, @Nullable Subscriber except);

    /** Its filter as clients write it, with the Share Name. */
    String filter();
}
