package io.busbar.uns.registry.payload;

/**
 * What some programs put around their text: a byte order mark before it, and NULs after it, which
 * end a string in C. A payload is read without them.
 */
public final class PaddedText {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private PaddedText() {}

    /** Where the text of a payload begins. */
    static int from(byte[] payload) {
        if (payload.length < BYTE_ORDER_MARK.length) {
            return 0;
        }
        for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
            if (payload[i] != BYTE_ORDER_MARK[i]) {
                return 0;
            }
        }
        return BYTE_ORDER_MARK.length;
    }

    /**
     * Where the text of a payload ends. Nothing but NULs is no text.
     *
     * @param expected whether the payload is known to be text; else only JSON objects and arrays
     *     are, because a number in binary form may be a digit and NULs
     */
    static int to(byte[] payload, boolean expected) {
        int from = from(payload);
        int to = payload.length;
        while (to > from && payload[to - 1] == 0) {
            to--;
        }
        return to > from && (expected || isStructure(payload, from, to)) ? to : payload.length;
    }

    private static boolean isStructure(byte[] payload, int from, int to) {
        int first = from;
        while (first < to - 1 && payload[first] <= ' ' && payload[first] > 0) {
            first++;
        }
        return payload[first] == '{' || payload[first] == '[';
    }

    /** Whether there is something around the JSON of a payload. */
    public static boolean isAround(byte[] payload) {
        return from(payload) > 0 || to(payload, false) < payload.length;
    }
}
