package io.busbar.mqtt.broker.session;

import io.busbar.api.broker.spi.ClientEvent;

/** Is told when a session has ended, on the session's loop. */
@FunctionalInterface
public interface Ending {
    void ended(Session session, ClientEvent.SessionEnd cause);
}
