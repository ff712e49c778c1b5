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

    /**
     * The member that {@link #choose} would return now, without taking its turn; thread-safe.
     *
     * @return null if no member can take the message, or the choice cannot be foreseen
     */
    @Nullable Match next(Message message);

    /** Whether {@link #next} can tell who is next. */
    boolean isForeseeable();

    /** The members, in chunks that must not be modified; any thread. */
    Match[][] members();

    /** Its filter as clients write it, with the Share Name. */
    String filter();
}
