package io.busbar.mqtt.broker.intake;

import io.busbar.api.mqtt.MessageProperties;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Checks the Payload Format Indicator, MQTT 5.0 sections 3.3.2.3.2 and 3.1.3.2.3. */
public final class PayloadFormatIndicator {
    private static final int UTF_8 = 1;

    private PayloadFormatIndicator() {}

    /** Whether a payload is what its properties say. */
    public static boolean holds(MessageProperties properties, byte[] payload) {
        if (properties.payloadFormatIndicator() != UTF_8) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
