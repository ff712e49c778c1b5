package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.ReasonCode;

/**
 * Thrown by the decoder when a client breaks the specification. Holds the reason code for the
 * answer and a few words for people. The only exception for wrong input. It has no stack trace,
 * because clients can cause it as often as they like. After it, the connection must be closed
 * [MQTT5-4.13.1-1] and the decoder must not be used again.
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
