package io.busbar.mqtt.broker;

/** A server that has come up when a test says so. */
final class ManualServer implements ServerState {
    volatile boolean up;

    @Override
    public boolean isUp() {
        return up;
    }

    @Override
    public boolean isStopping() {
        return true;
    }
}
