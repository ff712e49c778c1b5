package io.busbar.mqtt.broker.delivery;

import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.receipt.Served;
import org.jspecify.annotations.Nullable;

/** A receiver of messages: a session, or a consumer inside the server. Compared by identity. */
public interface Subscriber {
    /**
     * The loop that owns it, or null if it takes messages on any thread. May change when a session
     * moves with its client.
     */
    @Nullable Loop loop();

    /**
     * Takes a message.
     *
     * @param at the loop that calls: {@link #loop()} as the caller saw it
     */
    void deliver(Loop at, Routed message, Match match);

    /** What publishers wait for while this subscriber is slow. */
    @Nullable Congestion congestion();

    /**
     * Whether what it is owed at QoS 1 and 2 has to be in the store before the publisher is told.
     */
    boolean isDurable();

    /**
     * How well it can take a message now: {@link #GONE} to {@link #READY}; read by any thread, a
     * moment old.
     */
    int readiness();

    /** Takes nothing. */
    int GONE = 0;

    /** Not connected; keeps messages of QoS 1 and 2. */
    int KEEPS = 1;

    /** Connected, but slow at the moment. */
    int SLOW = 2;

    /** Would pass a message on at once. */
    int READY = 3;

    /**
     * Whether its rights let it take messages of the topic; read by any thread, a moment old. A
     * member of a Shared Subscription without them is passed over, or it would take messages away
     * from the others.
     */
    default boolean mayTake(TopicName topic) {
        return true;
    }

    /** Whether it is among those who have a message already; any thread. */
    default boolean isIn(Served served) {
        return false;
    }

    /** Whether it is a client, so that "no matching subscribers" is judged by it. */
    boolean isClient();
}
