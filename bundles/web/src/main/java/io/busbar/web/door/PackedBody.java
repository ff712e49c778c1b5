package io.busbar.web.door;

import io.busbar.web.http.BodySource;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer that is kept compressed until the client takes it, piece by piece: JSON
 * takes about a tenth of its size. Each piece stands for itself, so nothing but the pieces is kept
 * in between.
 */
final class PackedBody implements BodySource {
    /** Larger ones are not worth the time of a worker. */
    static final int MAX_BYTES = 1 << 20;

    private static final int PIECE = 16 << 10;

    private final byte @Nullable [][] pieces;
    private final int size;
    private final int packedBytes;
    private int next;

    /** Packs a body of at most {@link #MAX_BYTES}. */
    PackedBody(byte[] body) {
        size = body.length;
        pieces = new byte[(size + PIECE - 1) / PIECE][];
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        int packed = 0;
        try {
            byte[] buffer = new byte[PIECE + 64];
            for (int i = 0; i < pieces.length; i++) {
                deflater.reset();
                deflater.setInput(body, i * PIECE, lengthOf(i));
                deflater.finish();
                int length = deflater.deflate(buffer);
                if (!deflater.finished()) {
                    throw new IllegalStateException("a piece grew by more than a stored one does");
                }
                pieces[i] = Arrays.copyOf(buffer, length);
                packed += length;
            }
        } finally {
            deflater.end();
        }
        packedBytes = packed;
    }

    private int lengthOf(int piece) {
        return Math.min(PIECE, size - piece * PIECE);
    }

    /** Bytes that it takes while it waits. */
    int packedBytes() {
        return packedBytes;
    }

    @Override
    public byte @Nullable [] next() throws IOException {
        if (next == pieces.length) {
            return null;
        }
        byte[] whole = new byte[lengthOf(next)];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(pieces[next]);
            int length = inflater.inflate(whole);
            if (length != whole.length) {
                throw new IOException("a piece has " + length + " of " + whole.length + " bytes");
            }
        } catch (DataFormatException e) {
            throw new IOException("a piece cannot be unpacked", e);
        } finally {
            inflater.end();
        }
        pieces[next++] = null;
        return whole;
    }

    @Override
    public void close() {
        next = pieces.length;
        Arrays.fill(pieces, null);
    }
}
