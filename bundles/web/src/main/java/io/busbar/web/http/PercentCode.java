package io.busbar.web.http;

import io.busbar.json.FieldError;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Percent-encoding in UTF-8, as URLs have it. */
final class PercentCode {
    private PercentCode() {}

    /**
     * Decodes a text.
     *
     * @throws Problem 422 if it is malformed
     */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] != '%') {
                bytes.write(utf8[i]);
                continue;
            }
            int high = i + 2 <= utf8.length - 1 ? Character.digit(utf8[i + 1], 16) : -1;
            int low = i + 2 <= utf8.length - 1 ? Character.digit(utf8[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw malformed(text);
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed(text);
        }
    }

    /** The parameters of a query; of several with one name the first counts. */
    static Map<String, String> query(@Nullable String text) {
        Map<String, String> query = new HashMap<>();
        if (text != null && !text.isEmpty()) {
            for (String pair : text.split("&")) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                query.putIfAbsent(decode(name.replace('+', ' ')), decode(value.replace('+', ' ')));
            }
        }
        return query;
    }

    private static Problem malformed(String text) {
        return Problem.validation(
                FieldError.parameter("", "pattern", "'" + text + "' is not percent-encoded UTF-8"));
    }
}
