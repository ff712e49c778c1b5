package io.busbar.web.api.view;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A payload for people: its text, or base64 if it is none.
 *
 * @param text at most {@link #MAX_CHARACTERS}
 * @param whole the whole text; null if it is base64
 * @param truncated whether there is more of it
 */
record PayloadText(String text, @Nullable String whole, boolean truncated) {
    /** Longest text that is shown. */
    static final int MAX_CHARACTERS = 65_536;

    private static final int MAX_BYTES = MAX_CHARACTERS / 4 * 3;

    static PayloadText of(byte[] payload) {
        String readable = readable(payload);
        if (readable != null) {
            boolean truncated = readable.length() > MAX_CHARACTERS;
            return new PayloadText(
                    truncated ? readable.substring(0, MAX_CHARACTERS) : readable,
                    readable,
                    truncated);
        }
        boolean truncated = payload.length > MAX_BYTES;
        byte[] head = truncated ? Arrays.copyOf(payload, MAX_BYTES) : payload;
        return new PayloadText(Base64.getEncoder().encodeToString(head), null, truncated);
    }

    /** How {@link #text} is to be read: text or base64. */
    String encoding() {
        return whole == null ? "base64" : "text";
    }

    /** The payload as text, or null if it is not UTF-8 or holds control characters. */
    static @Nullable String readable(byte[] payload) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
            boolean plain =
                    text.chars().noneMatch(c -> c < 0x20 && c != '\t' && c != '\n' && c != '\r');
            return plain ? text : null;
        } catch (CharacterCodingException e) {
            // Binary: shown as base64.
            return null;
        }
    }
}
