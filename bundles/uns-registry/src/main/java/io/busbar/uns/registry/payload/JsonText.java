package io.busbar.uns.registry.payload;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Converts between bytes and JSON strings, and shortens texts for messages to people. */
public final class JsonText {
    private JsonText() {}

    /**
     * How many bytes the well-formed character of two or more bytes takes that begins here; 0 if it
     * is none: table 3-7 of the Unicode standard.
     */
    public static int utf8Length(byte[] bytes, int at) {
        int first = bytes[at] & 0xFF;
        int length =
                first >= 0xC2 && first <= 0xDF
                        ? 2
                        : first >= 0xE0 && first <= 0xEF
                                ? 3
                                : first >= 0xF0 && first <= 0xF4 ? 4 : 0;
        if (length == 0 || at + length > bytes.length) {
            return 0;
        }
        int second = bytes[at + 1] & 0xFF;
        int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) {
            return 0;
        }
        for (int i = at + 2; i < at + length; i++) {
            if ((bytes[i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /** The text of a string token that was scanned well, quotes included in the range. */
    public static String text(byte[] json, int from, int to) {
        String raw = new String(json, from + 1, to - from - 2, StandardCharsets.UTF_8);
        int backslash = raw.indexOf('\\');
        if (backslash < 0) {
            return raw;
        }
        StringBuilder text = new StringBuilder(raw.length());
        int done = 0;
        for (; backslash >= 0; backslash = raw.indexOf('\\', done)) {
            text.append(raw, done, backslash);
            char c = raw.charAt(backslash + 1);
            done = backslash + 2;
            switch (c) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Integer.parseInt(raw, done, done + 4, 16));
                    done += 4;
                }
                default -> text.append(c);
            }
        }
        return text.append(raw, done, raw.length()).toString();
    }

    /** A text as a JSON string; halves of surrogate pairs become U+FFFD. */
    public static String quote(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
            } else if (c < 0x20) {
                json.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                json.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c);
            }
        }
        return json.append('"').toString();
    }

    /** Shortens a text for a message to people. */
    public static String clip(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    /** Bytes as a JSON string, or null if they are no text that people can read. */
    public static byte @Nullable [] quoted(byte[] payload, int from, int to) {
        int extra = 2;
        for (int i = from; i < to; ) {
            byte c = payload[i];
            if (c >= 0) {
                if (c < 0x20 && c != '\n' && c != '\r' && c != '\t' || c == 0x7F) {
                    return null;
                }
                if (c < 0x20 || c == '"' || c == '\\') {
                    extra++;
                }
                i++;
            } else {
                int length = utf8Length(payload, i);
                if (length == 0) {
                    return null;
                }
                i += length;
            }
        }
        byte[] quoted = new byte[to - from + extra];
        int at = 0;
        quoted[at++] = '"';
        for (int i = from; i < to; i++) {
            byte c = payload[i];
            if (c == '\n' || c == '\r' || c == '\t' || c == '"' || c == '\\') {
                quoted[at++] = '\\';
                quoted[at++] = (byte) (c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c);
            } else {
                quoted[at++] = c;
            }
        }
        quoted[at] = '"';
        return quoted;
    }
}
