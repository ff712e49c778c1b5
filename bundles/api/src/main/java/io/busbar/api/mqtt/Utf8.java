package io.busbar.api.mqtt;

import org.jspecify.annotations.Nullable;

/** Checks Java text against the rules for UTF-8 Encoded Strings, MQTT 5.0 section 1.5.4. */
final class Utf8 {
    /** Longest string in bytes: MQTT sends the length in two bytes. */
    static final int MAX_BYTES = 65_535;

    private Utf8() {}

    /** Whether MQTT can send the text; null, which is not sent, counts as one. */
    static boolean isString(@Nullable String text) {
        int bytes = text == null ? 0 : length(text);
        return bytes >= 0 && bytes <= MAX_BYTES;
    }

    /**
     * Returns how many bytes the text takes in UTF-8, or -1 if it holds U+0000 or an unpaired
     * surrogate [MQTT5-1.5.4-1] [MQTT5-1.5.4-2].
     */
    static int length(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return -1;
            } else if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (Character.isHighSurrogate(c)) {
                if (++i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return -1;
                }
                bytes += 4;
            } else if (Character.isLowSurrogate(c)) {
                return -1;
            } else {
                bytes += 3;
            }
        }
        return bytes;
    }
}
