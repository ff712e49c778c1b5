package io.busbar.mqtt.broker.session;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.spi.ClientEvent;
import org.jspecify.annotations.Nullable;

/**
 * Is told when a session has ended and, if a person ended it, who. Called on the session's event
 * loop.
 */
@FunctionalInterface
public interface Ending {
    void ended(Session session, ClientEvent.SessionEnd cause, @Nullable Actor actor);
}
