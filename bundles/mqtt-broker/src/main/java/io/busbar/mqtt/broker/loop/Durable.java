package io.busbar.mqtt.broker.loop;

import org.jspecify.annotations.Nullable;

/**
 * Is told when the changes of a turn are durable in the store, or that they could not be stored.
 */
public interface Durable {
    /**
     * It is, or it failed. Called once, on the loop that wrote.
     *
     * @param failure why it is not durable, or null if it is
     */
    void durable(@Nullable Throwable failure);

    /**
     * Bytes that are kept until then and that nobody else counts; asked once by each who keeps it.
     */
    default int bytes() {
        return 0;
    }
}
