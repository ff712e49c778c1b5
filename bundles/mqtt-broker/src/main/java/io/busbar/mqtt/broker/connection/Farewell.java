package io.busbar.mqtt.broker.connection;

import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.feature.Redirect;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.ConnAckProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.ReasonDetails;
import org.jspecify.annotations.Nullable;

/** The last packet that a client gets, and what the end of its connection is called. */
final class Farewell {
    private Farewell() {}

    /** CONNACK that refuses and gives no reason but its code. */
    static ConnAck refusal(ReasonCode reason) {
        return new ConnAck(false, reason, ConnAckProperties.NONE);
    }

    /** CONNACK that refuses a client of MQTT 5, with another server to use if there is one. */
    static ConnAck refusal(ReasonCode reason, @Nullable String text, Redirect redirect) {
        ConnAckProperties.Builder why = ConnAckProperties.builder().reasonString(text);
        if (reason == ReasonCode.USE_ANOTHER_SERVER || reason == ReasonCode.SERVER_MOVED) {
            why.serverReference(redirect.reference());
        }
        return new ConnAck(false, reason, why.build());
    }

    /**
     * CONNACK where DISCONNECT would be right if the client were connected already [MQTT5-3.2.2-8].
     */
    static ConnAck instead(ReasonCode reason, @Nullable String text) {
        return new ConnAck(
                false, refusalOf(reason), ConnAckProperties.builder().reasonString(text).build());
    }

    /** What CONNACK may say of a reason that is DISCONNECT's. */
    private static ReasonCode refusalOf(ReasonCode reason) {
        return switch (reason) {
            case SESSION_TAKEN_OVER -> ReasonCode.SERVER_BUSY;
            case SERVER_SHUTTING_DOWN -> ReasonCode.SERVER_UNAVAILABLE;
            case ADMINISTRATIVE_ACTION -> ReasonCode.NOT_AUTHORIZED;
            case MALFORMED_PACKET,
                    PROTOCOL_ERROR,
                    UNSUPPORTED_PROTOCOL_VERSION,
                    BAD_AUTHENTICATION_METHOD,
                    CLIENT_IDENTIFIER_NOT_VALID,
                    TOPIC_NAME_INVALID,
                    PACKET_TOO_LARGE,
                    QUOTA_EXCEEDED,
                    NOT_AUTHORIZED,
                    SERVER_UNAVAILABLE ->
                    reason;
            default -> ReasonCode.UNSPECIFIED_ERROR;
        };
    }

    /**
     * DISCONNECT of a connected client of MQTT 5.
     *
     * @param elsewhere where it finds another server because this one stops, section 4.11; or null
     */
    static Disconnect disconnect(
            ReasonCode reason, @Nullable String text, @Nullable String elsewhere) {
        return elsewhere == null
                ? Disconnect.of(reason, text)
                : new Disconnect(
                        ReasonCode.USE_ANOTHER_SERVER,
                        MessageProperties.ABSENT,
                        ReasonDetails.of(text),
                        elsewhere);
    }

    /** What is recorded of what is no packet, or none that is allowed. */
    static Rejection.Cause causeOf(ReasonCode malformed) {
        return switch (malformed) {
            case UNSUPPORTED_PROTOCOL_VERSION -> Rejection.Cause.PROTOCOL_VERSION;
            case CLIENT_IDENTIFIER_NOT_VALID -> Rejection.Cause.CLIENT_ID_NOT_VALID;
            case TOPIC_ALIAS_INVALID -> Rejection.Cause.TOPIC_ALIAS;
            case PACKET_TOO_LARGE -> Rejection.Cause.PACKET_TOO_LARGE;
            case QUOTA_EXCEEDED -> Rejection.Cause.QUOTA_EXCEEDED;
            case PROTOCOL_ERROR -> Rejection.Cause.PROTOCOL_ERROR;
            default -> Rejection.Cause.MALFORMED_PACKET;
        };
    }

    /** How the end of a connection is called that had this cause. */
    static ClientEvent.Cause endOf(Rejection.Cause cause) {
        return switch (cause) {
            case PACKET_TOO_LARGE,
                    RECEIVE_MAXIMUM,
                    QUOTA_EXCEEDED,
                    PUBLISH_RATE,
                    PACKET_TIMEOUT,
                    MEMORY_FULL ->
                    ClientEvent.Cause.LIMIT;
            default -> ClientEvent.Cause.PROTOCOL_ERROR;
        };
    }
}
