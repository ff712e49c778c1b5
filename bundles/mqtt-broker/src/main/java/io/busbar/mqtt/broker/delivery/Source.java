package io.busbar.mqtt.broker.delivery;

import io.busbar.mqtt.broker.loop.Congestion;
import org.jspecify.annotations.Nullable;

/**
 * Where a message came from: a connection, or the server itself. It is told when the message can be
 * acknowledged, and when it has to slow down.
 */
public interface Source {
    /** The subscriber that is the same client, for No Local; or null. */
    @Nullable Subscriber self();

    /** Reads no more until the congestion ends; called on its loop. */
    void hold(Congestion congestion);

    /**
     * A subscriber takes less than comes: reads no more until the congestion ends, if it is one of
     * those who publish much; called on its loop.
     */
    default void slowDown(Congestion congestion) {
        hold(congestion);
    }

    /**
     * A message of it has so many subscribers that it is delivered in several turns: reads no more
     * until {@link #delivered}; called on its loop.
     */
    default void delivering() {}

    /** That message is delivered; called on its loop, once for each {@link #delivering}. */
    default void delivered() {}

    /**
     * Whether its messages wait for a store that cannot write, because nobody would send them
     * again.
     */
    default boolean waitsForStore() {
        return false;
    }

    /** A message that was held is free to be acknowledged; called on any thread. */
    void acknowledge(Routed message);
}
