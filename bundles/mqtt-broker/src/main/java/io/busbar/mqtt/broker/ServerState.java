package io.busbar.mqtt.broker;

/** What the broker has to know of the server that it is a part of. Thread-safe. */
public interface ServerState {
    /** A broker on its own: it has come up when it is made, and ends for good. */
    ServerState ALONE =
            new ServerState() {
                @Override
                public boolean isUp() {
                    return true;
                }

                @Override
                public boolean isStopping() {
                    return true;
                }
            };

    /** Whether all is there that starts with the server. */
    boolean isUp();

    /**
     * Whether, when the broker is closed, the server ends with it: then clients are told of another
     * one, if there is one.
     */
    boolean isStopping();
}
