package io.busbar.mqtt.broker.session;

import io.busbar.api.broker.DropCause;

/**
 * Is told which messages a session missed. Reports are collected, so it is called at most a few
 * times a second.
 */
@FunctionalInterface
public interface DropListener {
    void dropped(String clientId, DropCause cause, long count);
}
