package io.busbar.mqtt.broker.session;

import org.jspecify.annotations.Nullable;

/** Is told when a connection takes over the Client Identifier of another that is still there. */
@FunctionalInterface
public interface TakeOvers {
    void tookOver(Session session, @Nullable String oldAddress, String newAddress);
}
