package io.busbar.transfer;

import io.busbar.api.memory.MemoryAccount;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of UTF-8, none longer than a bound. A long one counts in the memory budget until the
 * next is read. Not thread-safe; must be closed.
 */
final class LineInput implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    /** Not worth counting. */
    private static final int SHORT = 1 << 16;

    /** The bytes of a line, its text, what it is read with, what is read, and the payload. */
    private static final int COPIES = 5;

    private static final char REPLACEMENT = '\uFFFD';

    private final InputStream from;
    private final int longest;
    private final MemoryAccount memory;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private byte[] line = new byte[SHORT];
    private long number;
    private long counted;

    /**
     * Makes one.
     *
     * @param longest most bytes of a line, without its end
     * @param memory counts long lines
     */
    LineInput(InputStream from, int longest, MemoryAccount memory) {
        this.from = from;
        this.longest = longest;
        this.memory = memory;
    }

    /** The number of the line that was read last, from 1. */
    long number() {
        return number;
    }

    /**
     * The next line, or null at the end.
     *
     * @throws IllegalArgumentException if it is too long or no UTF-8; the next one can be read
     */
    @Nullable String next() throws IOException {
        close();
        int length = 0;
        boolean tooLong = false;
        boolean any = false;
        int next;
        while ((next = read()) >= 0) {
            any = true;
            if (next == '\n') {
                break;
            }
            if (length == longest) {
                tooLong = true;
            } else {
                if (length == line.length) {
                    grow();
                }
                line[length++] = (byte) next;
            }
        }
        if (!any) {
            return null;
        }
        number++;
        if (tooLong) {
            throw new IllegalArgumentException("longer than " + longest + " bytes");
        }
        return text(length);
    }

    private void grow() {
        int size = (int) Math.min(longest, 2L * line.length);
        long more = COPIES * (long) size - counted;
        memory.add(more);
        counted += more;
        line = Arrays.copyOf(line, size);
    }

    private String text(int length) {
        String text = new String(line, 0, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) { // what stands for bytes that are no UTF-8
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, length));
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException("no UTF-8", e);
            }
        }
        return text;
    }

    /** Lets go of a long line. */
    @Override
    public void close() {
        if (counted > 0) {
            line = new byte[SHORT];
            memory.add(-counted);
            counted = 0;
        }
    }

    private int read() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, from.read(buffer));
            if (end == 0) {
                return -1;
            }
        }
        return buffer[at++] & 0xFF;
    }
}
