package io.busbar.uns.registry.search;

import io.busbar.uns.registry.payload.JsonText;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Looks for words in the current values of topics, one topic after the other, and looks at so many
 * bytes at most. Most values do not hold the words: their bytes say so without being read. Confined
 * to one search.
 */
public final class ValueFinder {
    /** Reading a payload takes about as long as looking through so many times its bytes. */
    private static final int READING = 8;

    private static final int MOST_SHOWN = 80;

    private final SearchWords words;

    /** Of each word the longest piece that is written as it is wherever it is in a payload. */
    private final byte[][] pieces;

    private long room;
    private boolean exhausted;
    private int missing;
    private @Nullable String field;
    private @Nullable String text;
    private int read;

    /**
     * Starts to look.
     *
     * @param bytes how many bytes of values are looked through at most
     */
    ValueFinder(SearchWords words, long bytes) {
        this.words = words;
        this.room = bytes;
        this.pieces = new byte[words.size()][];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = plainPiece(words.get(i));
        }
    }

    private static byte[] plainPiece(String word) {
        int best = 0;
        int length = 0;
        for (int i = 0, from = 0; i <= word.length(); i++) {
            if (i < word.length() && TextSign.isPlain(word.charAt(i))) {
                continue;
            }
            if (i - from > length) {
                best = from;
                length = i - from;
            }
            from = i + 1;
        }
        return word.substring(best, best + length).getBytes(StandardCharsets.US_ASCII);
    }

    /** Begins with the values of a topic, in which some words are to be found. */
    void begin(int wanted) {
        missing = wanted;
        field = null;
        text = null;
    }

    /** Whether all words were found. */
    boolean foundAll() {
        return missing == 0;
    }

    /** Whether something was not looked at because there was too much. */
    boolean isShort() {
        return exhausted;
    }

    /** How many payloads were read. */
    int read() {
        return read;
    }

    /** The name of the field in which the first word was found. */
    @Nullable String field() {
        return field;
    }

    /** The value in which it was found; null if it was in the name. */
    @Nullable String text() {
        return text;
    }

    /**
     * Whether it is worth it to read a payload: it may hold all words.
     *
     * @param plain whether values stand in it as they are shown; if not, only reading tells
     */
    public boolean mayBeIn(byte[] payload, boolean plain) {
        if (!takes(payload.length)) {
            return false;
        }
        for (int left = plain ? missing : 0; left != 0; left &= left - 1) {
            if (!holds(payload, 0, payload.length, pieces[Integer.numberOfTrailingZeros(left)])) {
                return false;
            }
        }
        if (!takes((long) READING * payload.length)) {
            return false;
        }
        read++;
        return true;
    }

    /** Whether so many bytes more may be looked through. */
    boolean takes(long bytes) {
        exhausted |= bytes > room;
        if (exhausted) {
            return false;
        }
        room -= bytes;
        return true;
    }

    /** Looks at the value of a field, which is JSON at a place of a payload. */
    public void value(String name, byte[] payload, int from, int to) {
        if (missing == 0 || !takes(to - from)) {
            return;
        }
        for (int left = missing; left != 0; left &= left - 1) {
            if (holds(payload, from, to, pieces[Integer.numberOfTrailingZeros(left)])) {
                look(name, shown(payload, from, to));
                return;
            }
        }
    }

    /** Looks at the name and the value of a field that is in no model. */
    public void unknown(String name, byte[] payload, int from, int to) {
        int inName = words.in(Folding.fold(name), missing);
        if (inName != 0) {
            found(inName, name, null);
        }
        value(name, payload, from, to);
    }

    private void look(String name, String value) {
        int found = words.in(Folding.fold(value), missing);
        if (found != 0) {
            found(found, name, value);
        }
    }

    private void found(int which, String name, @Nullable String value) {
        missing &= ~which;
        if (field == null) {
            field = name;
            text = value == null || value.length() <= MOST_SHOWN ? value : cut(value);
        }
    }

    private static String cut(String value) {
        int end = Character.isHighSurrogate(value.charAt(MOST_SHOWN - 1)) ? 1 : 0;
        return value.substring(0, MOST_SHOWN - end) + "…";
    }

    /** A value as people see it: a text without its quotes. */
    private static String shown(byte[] json, int from, int to) {
        return to - from >= 2 && json[from] == '"'
                ? JsonText.text(json, from, to)
                : new String(json, from, to - from, StandardCharsets.UTF_8);
    }

    /** Whether bytes hold a folded text without regard to its case. */
    private static boolean holds(byte[] bytes, int from, int to, byte[] wanted) {
        int last = to - wanted.length;
        for (int i = from; i <= last; i++) {
            int k = 0;
            while (k < wanted.length && lower(bytes[i + k]) == wanted[k]) {
                k++;
            }
            if (k == wanted.length) {
                return true;
            }
        }
        return false;
    }

    private static byte lower(byte c) {
        return c >= 'A' && c <= 'Z' ? (byte) (c + 32) : c;
    }
}
