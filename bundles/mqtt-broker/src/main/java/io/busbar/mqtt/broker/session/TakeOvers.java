package io.busbar.mqtt.broker.session;

import org.jspecify.annotations.Nullable;

/**
 * Is told when a connection takes over a Client Identifier from another connection that is still
 * open.
 */
@FunctionalInterface
public interface TakeOvers {
    void tookOver(Session session, @Nullable String oldAddress, String newAddress);
}
