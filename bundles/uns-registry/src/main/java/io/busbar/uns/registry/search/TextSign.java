package io.busbar.uns.registry.search;

import io.busbar.uns.registry.footprint.Footprint;
import java.util.Arrays;

/**
 * Signs of texts: which characters, and which pairs of them, a text has. What is not in the sign of
 * a text is not in the text; what is there may be. So of nearly all values one look at a few bits
 * says that a word is not in them. Letters count without regard to case.
 *
 * <pre>
 *  0           39          69       70                  256
 *  | plain     | other     | beyond | pairs of plain     |
 *  | character | printable | ASCII  | characters, hashed |
 * </pre>
 *
 * A plain character is one that no JSON writer has a reason to write as anything else. A text with
 * a backslash may have all others.
 */
public final class TextSign {
    /** The bytes of the heap that a sign takes. */
    public static final long BYTES = Footprint.array(TextSign.LONGS * 8L);

    private static final int LONGS = 4;
    private static final int PLAIN = 39;
    private static final int BEYOND_ASCII = 69;
    private static final int PAIRS = BEYOND_ASCII + 1;
    private static final int PAIR_BITS = LONGS * 64 - PAIRS;

    private static final int NONE = -1;

    /** The bit of each character of ASCII; {@link #NONE} for those that do not print. */
    private static final byte[] BITS = bits();

    private TextSign() {}

    private static byte[] bits() {
        byte[] bits = new byte[128];
        Arrays.fill(bits, (byte) NONE);
        byte plain = 0;
        byte other = PLAIN;
        for (char c = ' '; c < 127; c++) {
            if (isPlain(c)) {
                bits[c] = plain++;
            } else if (c < 'A' || c > 'Z') {
                bits[c] = other++;
            }
        }
        for (char c = 'A'; c <= 'Z'; c++) {
            bits[c] = bits[c + 32];
        }
        return bits;
    }

    /** Whether no JSON writer has a reason to write a folded character as anything else. */
    static boolean isPlain(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_';
    }

    /** The sign of nothing. */
    public static long[] empty() {
        return new long[LONGS];
    }

    /** What a sign has to have so that a folded word may be in its text. */
    static long[] of(String word) {
        long[] sign = empty();
        int before = NONE;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            before = add(sign, before, c < 0x80 ? BITS[c] : BEYOND_ASCII);
        }
        return sign;
    }

    /** Adds a text in UTF-8, as it is written in a payload. */
    public static void add(long[] sign, byte[] bytes, int from, int to) {
        int before = NONE;
        for (int i = from; i < to; i++) {
            byte c = bytes[i];
            before = add(sign, before, c >= 0 ? BITS[c] : BEYOND_ASCII);
            if (c == '\\') {
                for (int bit = PLAIN; bit <= BEYOND_ASCII; bit++) {
                    mark(sign, bit);
                }
            }
        }
    }

    /** Adds everything: of such a text nothing is known. */
    public static void addAll(long[] sign) {
        Arrays.fill(sign, -1);
    }

    /** Adds a character after another; returns it as what is before the next. */
    private static int add(long[] sign, int before, int bit) {
        if (bit == NONE) {
            return NONE;
        }
        mark(sign, bit);
        if (bit >= PLAIN) {
            return NONE;
        }
        if (before != NONE) {
            mark(sign, PAIRS + (before * PLAIN + bit) % PAIR_BITS);
        }
        return bit;
    }

    private static void mark(long[] sign, int bit) {
        sign[bit >> 6] |= 1L << bit;
    }

    /** Whether a sign has all that another has. */
    static boolean covers(long[] sign, long[] wanted) {
        for (int i = 0; i < LONGS; i++) {
            if ((wanted[i] & ~sign[i]) != 0) {
                return false;
            }
        }
        return true;
    }
}
