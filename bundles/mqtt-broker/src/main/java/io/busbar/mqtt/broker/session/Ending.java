package io.busbar.mqtt.broker.session;

/** Is told when a session has ended, on the session's loop. */
@FunctionalInterface
public interface Ending {
    void ended(Session session);
}
