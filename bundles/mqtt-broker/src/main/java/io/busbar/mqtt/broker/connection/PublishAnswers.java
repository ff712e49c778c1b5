package io.busbar.mqtt.broker.connection;

import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.delivery.NotStored;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.ReasonDetails;
import java.util.ArrayDeque;
import java.util.BitSet;

/**
 * PUBACK, PUBREC and PUBCOMP for what a client publishes: in the order of its messages
 * [MQTT5-4.6.0-2] [MQTT5-4.6.0-3]. Confined to the loop of the connection.
 */
final class PublishAnswers {
    private final BrokerParts broker;
    private final Connection connection;

    /** Messages that are not acknowledged yet, or wait for one before them. */
    private final ArrayDeque<Routed> waiting = new ArrayDeque<>();

    /** The Packet Identifiers of those of QoS 2 among them. */
    private final BitSet awaited = new BitSet(0);

    private final Runnable sendFree = this::sendAllFree;
    private int inflight;

    PublishAnswers(BrokerParts broker, Connection connection) {
        this.broker = broker;
        this.connection = connection;
    }

    /** How many messages count for the Receive Maximum that the client was given. */
    int inflight() {
        return inflight;
    }

    /** One more message counts, until its exchange is complete. */
    void begin() {
        inflight++;
    }

    /** {@link #sendAllFree}, always the same object. */
    Runnable sendFree() {
        return sendFree;
    }

    /** Answers all that are free, up to the first that is not. */
    void sendAllFree() {
        for (Routed first; (first = waiting.peek()) != null && first.isFree(); ) {
            waiting.poll();
            if (isExactlyOnce(first)) {
                awaited.clear(first.packetId());
            }
            if (!connection.isClosed()) {
                send(first);
            }
        }
    }

    /** Whether a message of QoS 2 with this identifier waits to be answered. */
    boolean awaits(int packetId) {
        return awaited.get(packetId);
    }

    private static boolean isExactlyOnce(Routed routed) {
        return routed.message().qos() == Qos.EXACTLY_ONCE;
    }

    /** Answers a message: now, if nothing keeps it or stands before it. */
    void add(Routed routed) {
        if (waiting.isEmpty() && routed.isFree()) {
            send(routed);
        } else {
            waiting.add(routed);
            if (isExactlyOnce(routed)) {
                awaited.set(routed.packetId());
            }
        }
    }

    private void send(Routed routed) {
        Throwable failure = routed.failure();
        if (failure != null) {
            notStored(routed, failure);
            return;
        }
        ReasonCode reason = routed.reason();
        ReasonDetails details = ReasonDetails.of(routed.why());
        if (routed.message().qos() == Qos.AT_LEAST_ONCE) {
            inflight--;
            connection.send(new PubAck(routed.packetId(), reason, details));
        } else {
            if (reason.isError()) {
                inflight--; // [MQTT5-4.3.3-9]: the exchange ends here
                connection.session().inbound().release(routed.packetId());
            }
            connection.send(new PubRec(routed.packetId(), reason, details));
        }
    }

    private void notStored(Routed routed, Throwable failure) {
        NotStored told = NotStored.of(failure);
        broker.rejections()
                .add(
                        Rejection.Kind.PUBLISH,
                        told.cause(),
                        connection.who(),
                        Rejection.What.about(routed.message().topic().value(), told.why()));
        Session session = connection.session();
        if (!session.isDurable() && routed.message().qos() == Qos.EXACTLY_ONCE) {
            session.inbound().release(routed.packetId());
        }
        ReasonCode code = told.cause().reason();
        if (!connection.isMqtt5()) {
            // It cannot be told, so it must not believe the message is safe.
            connection.end(code, null, ClientEvent.Cause.LIMIT);
            return;
        }
        inflight--;
        ReasonDetails details = ReasonDetails.of(told.why());
        if (routed.message().qos() == Qos.AT_LEAST_ONCE) {
            connection.send(new PubAck(routed.packetId(), code, details));
        } else {
            connection.send(new PubRec(routed.packetId(), code, details)); // [MQTT5-4.3.3-9]
        }
    }

    /** PUBREL: the identifier is free again [MQTT5-4.3.3-11]. */
    void release(PubRel packet) {
        Session session = connection.session();
        int packetId = packet.packetId();
        if (session.inbound().release(packetId)) {
            if (inflight > 0) {
                inflight--;
            }
            session.whenDurable(connection.sender(), new PubComp(packetId, ReasonCode.SUCCESS));
        } else {
            // section 3.7.2.1: not an error during recovery
            connection.send(
                    new PubComp(
                            packetId,
                            ReasonCode.PACKET_IDENTIFIER_NOT_FOUND,
                            ReasonDetails.of("no message waits with this Packet Identifier")));
        }
    }
}
