package io.busbar.uns.registry.payload;

import io.busbar.api.uns.PayloadValues;
import io.busbar.api.uns.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the fields of a JSON payload without making objects: strict RFC 8259 on UTF-8 bytes, nested
 * at most {@link #MAX_DEPTH} deep, at most {@link #MAX_FIELDS} members in an object, no duplicate
 * keys, no unpaired surrogates. Reused from payload to payload; confined to one thread at a time.
 * The results point into the scanned array.
 *
 * <p>A parser that builds a tree would cost several times as much for every message, and could not
 * give values back exactly as they came.
 */
public final class JsonScan {
    static final int MAX_DEPTH = 64;
    static final int MAX_FIELDS = PayloadValues.MAX_VALUES;
    private static final int MAX_NUMBER_LENGTH = 400;

    /** Keys of an object are compared one by one up to so many; more are sorted. */
    private static final int FEW = 256;

    private static final int ROOM = 32;

    /** Room for more members is not kept for the next payload: few are so large. */
    private static final int MOST_ROOM = 1024;

    private static final byte[] NOTHING = new byte[0];

    /**
     * Members of the root object while it is scanned, and of the objects inside above them: a
     * stack.
     */
    private byte[][] keyBytes = new byte[ROOM][];

    private int[] keyStart = new int[ROOM];
    private int[] keyEnd = new int[ROOM];
    private int[] keyHash = new int[ROOM];
    private int[] valueStart = new int[ROOM];
    private int[] valueEnd = new int[ROOM];
    private int top;

    /** How far up the stack was used. */
    private int highest;

    private byte[] json = NOTHING;
    private int limit;
    private int at;
    private int depth;
    private @Nullable String error;

    /** The code of the error, and what it names. */
    private Reason.Code flaw = Reason.Code.PAYLOAD_NO_JSON;

    private String flawName = "";
    private String flawValue = "";
    private JsonKind kind = JsonKind.NULL;
    private int start;
    private int end;

    /** Hash of a key's bytes, the same wherever they stand. */
    public static int hash(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    /** Reads a payload; false if it is not acceptable JSON, then {@link #error()} says why. */
    public boolean scan(byte[] payload) {
        return scan(payload, 0, payload.length);
    }

    /** Reads a part of a payload as {@link #scan(byte[])}. */
    boolean scan(byte[] payload, int from, int to) {
        json = payload;
        limit = to;
        at = from;
        top = 0;
        depth = 0;
        error = null;
        skipSpace();
        if (at == limit) {
            return fail(Reason.Code.PAYLOAD_EMPTY, "is empty");
        }
        start = at;
        if (!value()) {
            return false;
        }
        end = at;
        skipSpace();
        return at == limit || fail(Reason.Code.PAYLOAD_GOES_ON, "goes on after its end");
    }

    /** Lets go of the payload and its keys. */
    void clear() {
        if (keyHash.length > MOST_ROOM) {
            resize(ROOM);
        }
        Arrays.fill(keyBytes, 0, Math.min(highest, keyBytes.length), null);
        highest = 0;
        top = 0;
        json = NOTHING;
    }

    /** Why the last scan failed, and where. */
    public String error() {
        return error == null ? "" : error + " (at byte " + at + ")";
    }

    /** The same as {@link #error()} for programs; of use after a scan that failed. */
    public Reason reason() {
        Reason reason = Reason.of(flaw, "byte", String.valueOf(at));
        return flawName.isEmpty() ? reason : reason.with(flawName, flawValue);
    }

    /** JsonKind of the root value. */
    public JsonKind kind() {
        return kind;
    }

    public int start() {
        return start;
    }

    public int end() {
        return end;
    }

    /** Members of the root value if it is an object; else 0. */
    public int count() {
        return kind == JsonKind.OBJECT ? top : 0;
    }

    /** The array that holds a member's key. */
    public byte[] keyBytes(int member) {
        return keyBytes[member];
    }

    public int keyStart(int member) {
        return keyStart[member];
    }

    public int keyEnd(int member) {
        return keyEnd[member];
    }

    public String key(int member) {
        return new String(
                keyBytes[member],
                keyStart[member],
                keyEnd[member] - keyStart[member],
                StandardCharsets.UTF_8);
    }

    public int valueStart(int member) {
        return valueStart[member];
    }

    public int valueEnd(int member) {
        return valueEnd[member];
    }

    private boolean fail(Reason.Code code, String text) {
        return fail(code, text, "", "");
    }

    /**
     * The payload is not acceptable.
     *
     * @param name of what the text names, for the reason; empty if nothing
     */
    private boolean fail(Reason.Code code, String text, String name, Object value) {
        flaw = code;
        flawName = name;
        flawValue = value.toString();
        error = text;
        return false;
    }

    private void skipSpace() {
        while (at < limit) {
            byte c = json[at];
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return;
            }
            at++;
        }
    }

    /** Reads one value at {@link #at} and leaves its kind in {@link #kind}. */
    private boolean value() {
        if (at == limit) {
            return fail(Reason.Code.PAYLOAD_CUT_OFF, "is cut off");
        }
        switch (json[at]) {
            case '{':
                return object();
            case '[':
                return array();
            case '"':
                return string();
            case 't':
                kind = JsonKind.TRUE;
                return word("true");
            case 'f':
                kind = JsonKind.FALSE;
                return word("false");
            case 'n':
                kind = JsonKind.NULL;
                return word("null");
            default:
                return number();
        }
    }

    private boolean object() {
        if (++depth > MAX_DEPTH) {
            return fail(
                    Reason.Code.PAYLOAD_NESTED,
                    "is nested deeper than " + MAX_DEPTH + " levels",
                    "max",
                    MAX_DEPTH);
        }
        int base = top;
        boolean root = depth == 1;
        at++;
        skipSpace();
        if (at < limit && json[at] == '}') {
            at++;
        } else {
            while (true) {
                skipSpace();
                if (!readKey(base)) {
                    return false;
                }
                int member = top - 1;
                skipSpace();
                valueStart[member] = at;
                if (!value()) {
                    return false;
                }
                valueEnd[member] = at;
                skipSpace();
                if (at == limit) {
                    return fail(Reason.Code.PAYLOAD_CUT_OFF, "is cut off");
                }
                byte c = json[at];
                if (c == ',') {
                    at++;
                } else if (c == '}') {
                    if (top - base > FEW && !isEachOnce(base)) {
                        return false;
                    }
                    at++;
                    break;
                } else {
                    return fail(Reason.Code.PAYLOAD_NO_JSON, "needs ',' or '}'");
                }
            }
        }
        depth--;
        if (!root) {
            top = base;
        }
        kind = JsonKind.OBJECT;
        return true;
    }

    private boolean readKey(int base) {
        if (at == limit) {
            return fail(Reason.Code.PAYLOAD_CUT_OFF, "is cut off");
        }
        if (json[at] != '"') {
            return fail(Reason.Code.PAYLOAD_NO_JSON, "needs a key in double quotes");
        }
        if (top - base == MAX_FIELDS) {
            return fail(
                    Reason.Code.PAYLOAD_MANY_FIELDS,
                    "has more than " + MAX_FIELDS + " fields in an object",
                    "max",
                    MAX_FIELDS);
        }
        int from = at + 1;
        if (!string()) {
            return false;
        }
        byte[] bytes = json;
        int to = at - 1;
        if (kind == JsonKind.ESCAPED_STRING) {
            bytes = JsonText.text(json, from - 1, at).getBytes(StandardCharsets.UTF_8);
            from = 0;
            to = bytes.length;
        }
        int hash = hash(bytes, from, to);
        for (int i = base; i < top && top - base < FEW; i++) {
            if (keyHash[i] == hash
                    && Arrays.equals(bytes, from, to, keyBytes[i], keyStart[i], keyEnd[i])) {
                return isTwice(i);
            }
        }
        if (top == keyHash.length) {
            resize(top * 2);
        }
        keyBytes[top] = bytes;
        keyStart[top] = from;
        keyEnd[top] = to;
        keyHash[top++] = hash;
        highest = Math.max(highest, top);
        skipSpace();
        if (at == limit) {
            return fail(Reason.Code.PAYLOAD_CUT_OFF, "is cut off");
        }
        return json[at++] == ':' || fail(Reason.Code.PAYLOAD_NO_JSON, "needs ':' after a key");
    }

    private boolean isTwice(int member) {
        String key = JsonText.clip(key(member));
        return fail(Reason.Code.PAYLOAD_KEY_TWICE, "has the key '" + key + "' twice", "found", key);
    }

    /** Whether no key of an object with many members is there twice. */
    private boolean isEachOnce(int base) {
        Integer[] members = new Integer[top - base];
        Arrays.setAll(members, i -> base + i);
        Arrays.sort(members, this::compareKeys);
        for (int i = 1; i < members.length; i++) {
            if (compareKeys(members[i - 1], members[i]) == 0) {
                return isTwice(members[i]);
            }
        }
        return true;
    }

    private int compareKeys(int one, int other) {
        int byHash = Integer.compare(keyHash[one], keyHash[other]);
        return byHash != 0
                ? byHash
                : Arrays.compare(
                        keyBytes[one],
                        keyStart[one],
                        keyEnd[one],
                        keyBytes[other],
                        keyStart[other],
                        keyEnd[other]);
    }

    private void resize(int size) {
        keyBytes = Arrays.copyOf(keyBytes, size);
        keyStart = Arrays.copyOf(keyStart, size);
        keyEnd = Arrays.copyOf(keyEnd, size);
        keyHash = Arrays.copyOf(keyHash, size);
        valueStart = Arrays.copyOf(valueStart, size);
        valueEnd = Arrays.copyOf(valueEnd, size);
    }

    private boolean array() {
        if (++depth > MAX_DEPTH) {
            return fail(
                    Reason.Code.PAYLOAD_NESTED,
                    "is nested deeper than " + MAX_DEPTH + " levels",
                    "max",
                    MAX_DEPTH);
        }
        at++;
        skipSpace();
        if (at < limit && json[at] == ']') {
            at++;
        } else {
            while (true) {
                skipSpace();
                if (!value()) {
                    return false;
                }
                skipSpace();
                if (at == limit) {
                    return fail(Reason.Code.PAYLOAD_CUT_OFF, "is cut off");
                }
                byte c = json[at];
                if (c == ',') {
                    at++;
                } else if (c == ']') {
                    at++;
                    break;
                } else {
                    return fail(Reason.Code.PAYLOAD_NO_JSON, "needs ',' or ']'");
                }
            }
        }
        depth--;
        kind = JsonKind.ARRAY;
        return true;
    }

    private boolean word(String word) {
        if (limit - at < word.length()) {
            return fail(Reason.Code.PAYLOAD_NO_JSON, "is cut off or no JSON");
        }
        for (int i = 0; i < word.length(); i++) {
            if (json[at + i] != word.charAt(i)) {
                return fail(Reason.Code.PAYLOAD_NO_JSON, "is no JSON");
            }
        }
        at += word.length();
        return true;
    }

    private boolean number() {
        int from = at;
        kind = JsonKind.INTEGER;
        if (json[at] == '-') {
            at++;
        }
        int digits = digits();
        if (digits == 0) {
            return fail(Reason.Code.PAYLOAD_NO_JSON, "is no JSON");
        }
        if (digits > 1 && json[at - digits] == '0') {
            return fail(Reason.Code.PAYLOAD_NUMBER, "has a number with a leading zero");
        }
        if (at < limit && json[at] == '.') {
            kind = JsonKind.DECIMAL;
            at++;
            if (digits() == 0) {
                return fail(
                        Reason.Code.PAYLOAD_NUMBER, "has a number without digits after its point");
            }
        }
        if (at < limit && (json[at] == 'e' || json[at] == 'E')) {
            kind = JsonKind.DECIMAL;
            at++;
            if (at < limit && (json[at] == '+' || json[at] == '-')) {
                at++;
            }
            if (digits() == 0) {
                return fail(
                        Reason.Code.PAYLOAD_NUMBER, "has a number without digits in its exponent");
            }
        }
        return at - from <= MAX_NUMBER_LENGTH
                || fail(
                        Reason.Code.PAYLOAD_LONG_NUMBER,
                        "has a number of more than " + MAX_NUMBER_LENGTH + " characters",
                        "max",
                        MAX_NUMBER_LENGTH);
    }

    private int digits() {
        int from = at;
        while (at < limit && json[at] >= '0' && json[at] <= '9') {
            at++;
        }
        return at - from;
    }

    private boolean string() {
        boolean escaped = false;
        at++;
        while (at < limit) {
            byte c = json[at];
            if (c == '"') {
                at++;
                kind = escaped ? JsonKind.ESCAPED_STRING : JsonKind.STRING;
                return true;
            }
            if (c >= 0 && c < 0x20) {
                return fail(Reason.Code.PAYLOAD_CONTROL, "has a control character in a text");
            }
            if (c == '\\') {
                escaped = true;
                if (!escape()) {
                    return false;
                }
            } else if (c >= 0) {
                at++;
            } else {
                int length = JsonText.utf8Length(json, at);
                if (length == 0) {
                    return fail(Reason.Code.PAYLOAD_NO_UTF8, "is no UTF-8");
                }
                at += length;
            }
        }
        return fail(Reason.Code.PAYLOAD_CUT_OFF, "is cut off");
    }

    private boolean escape() {
        if (at + 1 == limit) {
            return fail(Reason.Code.PAYLOAD_CUT_OFF, "is cut off");
        }
        switch (json[at + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                at += 2;
                return true;
            }
            case 'u' -> {
                int unit = unit(at);
                if (unit < 0) {
                    return fail(Reason.Code.PAYLOAD_ESCAPE, "has an unreadable \\u");
                }
                if (Character.isLowSurrogate((char) unit)) {
                    return fail(Reason.Code.PAYLOAD_ESCAPE, "has an unpaired surrogate");
                }
                at += 6;
                if (Character.isHighSurrogate((char) unit)) {
                    int low =
                            at + 1 < limit && json[at] == '\\' && json[at + 1] == 'u'
                                    ? unit(at)
                                    : -1;
                    if (low < 0 || !Character.isLowSurrogate((char) low)) {
                        return fail(Reason.Code.PAYLOAD_ESCAPE, "has an unpaired surrogate");
                    }
                    at += 6;
                }
                return true;
            }
            default -> {
                return fail(Reason.Code.PAYLOAD_ESCAPE, "has an unknown escape");
            }
        }
    }

    private int unit(int backslash) {
        if (backslash + 6 > limit) {
            return -1;
        }
        int unit = 0;
        for (int i = backslash + 2; i < backslash + 6; i++) {
            int digit = Character.digit(json[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }
}
