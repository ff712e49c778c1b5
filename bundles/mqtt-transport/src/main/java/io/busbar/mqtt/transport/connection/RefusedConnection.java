package io.busbar.mqtt.transport.connection;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.link.ClientConnection;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.ConnAckProperties;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.Packet;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for the broker on a connection that a limit keeps out: CONNECT is answered with the
 * reason, and the connection ends.
 */
record RefusedConnection(ClientLink link, ReasonCode reason) implements ClientConnection {
    @Override
    public void onReceived(int bytes) {
        // Not counted: the broker never saw it.
    }

    @Override
    public void onSent(int bytes) {
        // Nor this.
    }

    @Override
    public void onPacket(Packet packet) {
        if (packet instanceof Connect) {
            link.send(new ConnAck(false, reason, ConnAckProperties.NONE)); // [MQTT5-3.1.4-2]
        }
        link.close();
    }

    @Override
    public void onReadComplete() {
        // Nothing is gathered.
    }

    @Override
    public void onIncomplete() {
        // The time for CONNECT is running.
    }

    @Override
    public void onWritable() {
        // Nothing waits.
    }

    @Override
    public void onMalformed(@Nullable ProtocolVersion version, ReasonCode code, String detail) {
        link.close();
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        // Nobody knew it.
    }

    @Override
    public void disconnect(ReasonCode code) {
        link.close();
    }
}
