package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.ReasonCode;

/**
 * The one way in which input that breaks the specification leaves the decoder: the reason code to
 * answer with and a few words for people. Stackless, because a client can cause it at will. After
 * it the connection has to be closed [MQTT5-4.13.1-1]; the decoder must not be used again.
 */
public final class MalformedPacketException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ReasonCode reasonCode;

    /**
     * Makes one.
     *
     * @param reasonCode what a version 5 client is told; 0x80 or above
     * @param reason what is wrong, without data of the client
     */
    public MalformedPacketException(ReasonCode reasonCode, String reason) {
        super(reason, null, false, false);
        this.reasonCode = reasonCode;
    }

    /** What a version 5 client is told. */
    public ReasonCode reasonCode() {
        return reasonCode;
    }

    /** What is wrong: in English, short, without data of the client. */
    public String reason() {
        return String.valueOf(getMessage());
    }

    static MalformedPacketException malformed(String reason) {
        return new MalformedPacketException(ReasonCode.MALFORMED_PACKET, reason);
    }

    static MalformedPacketException protocolError(String reason) {
        return new MalformedPacketException(ReasonCode.PROTOCOL_ERROR, reason);
    }
}
