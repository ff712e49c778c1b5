package io.busbar.mqtt.broker.session;

import io.busbar.api.broker.DropCause;

/** Is told what a session did not get: gathered, so a few times a second at most. */
@FunctionalInterface
public interface DropListener {
    void dropped(String clientId, DropCause cause, long count);
}
