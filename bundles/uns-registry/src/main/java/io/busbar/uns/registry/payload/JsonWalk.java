package io.busbar.uns.registry.payload;

import io.busbar.api.uns.FieldName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the members of an object, or the elements of an array, that lies inside of JSON which
 * {@link JsonScan} has found to be well-formed. Makes no objects but for keys with escapes.
 * Confined to one thread.
 */
public final class JsonWalk {
    private final byte[] json;
    private final boolean object;
    private int at;
    private byte[] keyBytes;
    private int keyStart;
    private int keyEnd;

    /** The key in normal form C, if somebody has asked for it. */
    private @Nullable String normalKey;

    private int start;
    private int end;

    /**
     * Begins before the first.
     *
     * @param from where the object or array begins
     */
    public JsonWalk(byte[] json, int from) {
        this.json = json;
        this.object = json[from] == '{';
        this.at = from + 1;
        this.keyBytes = json;
    }

    /** Goes to the next member or element; false if there is none. */
    public boolean next() {
        skipSpace();
        if (json[at] == ',') {
            at++;
            skipSpace();
        }
        if (json[at] == '}' || json[at] == ']') {
            return false;
        }
        if (object) {
            readKey();
        }
        start = at;
        skipValue();
        end = at;
        return true;
    }

    /** The array that holds the member's key. */
    public byte[] keyBytes() {
        return keyBytes;
    }

    public int keyStart() {
        return keyStart;
    }

    public int keyEnd() {
        return keyEnd;
    }

    /** Whether it is the member's key. */
    public boolean keyIs(byte[] key) {
        return Arrays.equals(keyBytes, keyStart, keyEnd, key, 0, key.length);
    }

    /** Whether the member's key has no character beyond ASCII. */
    public boolean isKeyAscii() {
        for (int i = keyStart; i < keyEnd; i++) {
            if (keyBytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** The member's key as text. */
    public String key() {
        return new String(keyBytes, keyStart, keyEnd - keyStart, StandardCharsets.UTF_8);
    }

    /** The member's key in Unicode normal form C; made once, however many ask for it. */
    public String normalKey() {
        String normal = normalKey;
        if (normal == null) {
            normal = FieldName.normalized(key());
            normalKey = normal;
        }
        return normal;
    }

    /** Where the value begins. */
    public int start() {
        return start;
    }

    /** Where the value ends. */
    public int end() {
        return end;
    }

    /** What the value is. */
    public JsonKind kind() {
        return JsonKind.of(json, start, end);
    }

    private void readKey() {
        int from = at;
        skipString();
        normalKey = null;
        keyBytes = json;
        keyStart = from + 1;
        keyEnd = at - 1;
        for (int i = keyStart; i < keyEnd; i++) {
            if (json[i] == '\\') {
                keyBytes = JsonText.text(json, from, at).getBytes(StandardCharsets.UTF_8);
                keyStart = 0;
                keyEnd = keyBytes.length;
                break;
            }
        }
        skipSpace();
        at++;
        skipSpace();
    }

    private void skipValue() {
        switch (json[at]) {
            case '"' -> skipString();
            case '{', '[' -> skipNested();
            default -> {
                while (at < json.length && !isEnd(json[at])) {
                    at++;
                }
            }
        }
    }

    private static boolean isEnd(byte c) {
        return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private void skipNested() {
        int depth = 0;
        do {
            byte c = json[at];
            if (c == '"') {
                skipString();
                continue;
            }
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            at++;
        } while (depth > 0);
    }

    private void skipString() {
        at++;
        while (json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        at++;
    }

    private void skipSpace() {
        while (at < json.length
                && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
            at++;
        }
    }
}
