package io.busbar.mqtt.broker.connection;

import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.link.ClientConnection;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.session.Outbound;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.broker.will.Wills;
import io.busbar.mqtt.codec.Auth;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.Unsubscribe;
import org.jspecify.annotations.Nullable;

/**
 * Takes what comes from a link and hands packets to the handler of their family. Confined to the
 * loop of the link.
 */
final class PacketDispatcher implements ClientConnection, Connection.Steps {
    private final BrokerParts broker;
    private final Connection connection;
    private final PublishHandler publishing;
    private final SubscribeHandler subscribing;
    private final Pace pace;

    /** From CONNECT to CONNACK. */
    private @Nullable ConnectHandler connecting;

    /** After CONNACK, with a client that uses enhanced authentication. */
    private @Nullable AuthExchange exchange;

    PacketDispatcher(BrokerParts broker, ClientLink link) {
        this.broker = broker;
        this.connection = new Connection(broker, link, this);
        this.publishing = new PublishHandler(broker, connection);
        this.subscribing = new SubscribeHandler(broker, connection);
        this.pace = new Pace(connection);
    }

    // ---- packets

    @Override
    public void onPacket(Packet packet) {
        connection.packetCame();
        long before = connection.loop().spent();
        try {
            if (connection.isConnected()) {
                handle(packet);
            } else if (connection.isNew()) {
                first(packet);
            } else if (connecting != null) {
                connecting.packet(packet);
            }
            // After the end they are of no interest.
        } catch (RuntimeException | LinkageError failure) {
            connection.loop().failed("packet " + packet.type(), failure);
            connection.fail(Rejection.Cause.SERVER_FAILED, "the server failed");
        }
        pace.packetHandled(before);
    }

    private void first(Packet packet) {
        if (packet instanceof Connect connect) {
            connection.connecting(connect);
            ConnectHandler handler = new ConnectHandler(broker, connection, connect);
            connecting = handler;
            handler.begin();
        } else {
            // [MQTT5-3.1.0-1]: nothing is said to whoever does not begin with CONNECT.
            connection.fail(Rejection.Cause.PROTOCOL_ERROR, "first packet is not CONNECT");
        }
    }

    private void handle(Packet packet) {
        switch (packet.type()) {
            case PUBLISH -> {
                connection.publishCame();
                publishing.publish((Publish) packet);
            }
            case PUBREL -> publishing.release((PubRel) packet);
            case PUBACK -> {
                PubAck answer = (PubAck) packet;
                acknowledged(packet, outbound().acknowledged(answer.packetId()));
            }
            case PUBREC -> {
                PubRec answer = (PubRec) packet;
                acknowledged(
                        packet,
                        outbound()
                                .received(
                                        answer.packetId(),
                                        answer.reasonCode(),
                                        connection.sender()));
            }
            case PUBCOMP -> {
                PubComp answer = (PubComp) packet;
                acknowledged(packet, outbound().completed(answer.packetId()));
            }
            case SUBSCRIBE -> subscribing.subscribe((Subscribe) packet);
            case UNSUBSCRIBE -> subscribing.unsubscribe((Unsubscribe) packet);
            case PINGREQ -> connection.send(PingResp.INSTANCE); // [MQTT5-3.12.4-1]
            case DISCONNECT -> disconnected((Disconnect) packet);
            case AUTH -> authenticateAgain((Auth) packet);
            // CONNECT a second time [MQTT5-3.1.0-2], or what only servers send.
            default ->
                    connection.fail(
                            Rejection.Cause.PROTOCOL_ERROR, packet.type() + " is out of place");
        }
    }

    private Outbound outbound() {
        return connection.session().outbound();
    }

    /** An answer that does not fit what was sent is out of order, section 4.13.1. */
    private void acknowledged(Packet packet, boolean expected) {
        if (expected) {
            subscribing.goOn();
        } else {
            connection.fail(
                    Rejection.Cause.PROTOCOL_ERROR,
                    packet.type() + " does not answer what was sent with its packet identifier");
        }
    }

    private void authenticateAgain(Auth packet) {
        AuthExchange known = exchange;
        if (known == null) {
            // [MQTT5-4.12.0-7]
            connection.fail(
                    Rejection.Cause.PROTOCOL_ERROR, "AUTH without an Authentication Method");
        } else {
            known.received(packet);
        }
    }

    private void disconnected(Disconnect packet) {
        Session session = connection.session();
        long expiry = packet.sessionExpiryIntervalSeconds();
        if (expiry >= 0) {
            if (session.expirySeconds() == 0 && expiry != 0) {
                // It must not be set when it was zero [MQTT5-3.1.2-23], section 3.14.2.2.2.
                connection.fail(Rejection.Cause.PROTOCOL_ERROR, "Session Expiry Interval was 0");
                return;
            }
            long longest = broker.limits().sessions().maxExpirySeconds();
            session.expirySeconds(Math.min(expiry, longest));
        }
        if (packet.reasonCode() == ReasonCode.SUCCESS) {
            Wills.cancel(session); // [MQTT5-3.14.4-3]
        }
        connection.close(ClientEvent.Cause.CLIENT, packet.reasonCode());
    }

    // ---- what else the link tells

    @Override
    public void onReceived(int bytes) {
        connection.received(bytes);
    }

    @Override
    public void onSent(int bytes) {
        connection.sent(bytes);
    }

    @Override
    public void onReadComplete() {
        // What was gathered is handed on when the loop's turn ends, for all connections at once.
        pace.readComplete();
        publishing.readComplete();
        connection.liveness().readComplete();
    }

    @Override
    public void onIncomplete() {
        connection.liveness().incomplete();
    }

    @Override
    public void onWritable() {
        if (connection.isConnected()) {
            try {
                outbound().writable();
                subscribing.goOn();
            } catch (RuntimeException | LinkageError failure) {
                connection.loop().failed("writable", failure);
            }
        }
    }

    @Override
    public void onMalformed(@Nullable ProtocolVersion named, ReasonCode reason, String detail) {
        if (connection.isNew() && named != null) {
            // CONNECT was wrong, but says how it wants to be answered [MQTT5-3.1.4-1].
            connection.connecting(named);
        }
        connection.fail(Farewell.causeOf(reason), detail);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        connection.close(ClientEvent.Cause.CONNECTION_LOST, ReasonCode.UNSPECIFIED_ERROR);
    }

    @Override
    public void disconnect(ReasonCode reason) {
        connection.end(
                reason,
                null,
                reason == ReasonCode.SERVER_SHUTTING_DOWN
                        ? ClientEvent.Cause.SERVER_STOPPING
                        : ClientEvent.Cause.ADMINISTRATOR);
    }

    // ---- steps of the connection

    @Override
    public void welcomed() {
        exchange = exchangeSoFar();
        connecting = null;
    }

    @Override
    public void closed() {
        AuthExchange known = exchangeSoFar();
        connecting = null;
        if (known != null) {
            known.close();
        }
    }

    private @Nullable AuthExchange exchangeSoFar() {
        return connecting == null ? exchange : connecting.exchange();
    }
}
