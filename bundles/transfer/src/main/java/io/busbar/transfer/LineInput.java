package io.busbar.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads lines of UTF-8, none longer than a bound. Not thread-safe. */
final class LineInput {
    private static final int BUFFER = 1 << 16;
    private static final int FIRST = 1 << 10;

    private final InputStream from;
    private final int longest;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private byte[] line = new byte[FIRST];
    private long number;

    /**
     * Makes one.
     *
     * @param longest most bytes of a line, without its end
     */
    LineInput(InputStream from, int longest) {
        this.from = from;
        this.longest = longest;
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
                    line = Arrays.copyOf(line, (int) Math.min(longest, 2L * length));
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
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("no UTF-8", e);
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
