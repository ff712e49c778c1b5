package io.busbar.uns.registry.exchange;

import io.busbar.api.uns.Reason;
import io.busbar.api.uns.TextSource;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.util.EnumMap;
import java.util.Map;

/**
 * A document with what some programs put around it: a byte order mark before it, and NULs after it.
 * It is read with spaces in their place. Confined to one thread.
 */
final class PaddedSource implements TextSource {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final TextSource document;
    private boolean marked;
    private boolean ended;

    PaddedSource(TextSource document) {
        this.document = document;
    }

    @Override
    public Reader open() throws IOException {
        return new Unpadded(document.open());
    }

    /** What was passed over, for people; empty if there was nothing. */
    Map<Reason.Code, String> passedOver() {
        Map<Reason.Code, String> found = new EnumMap<>(Reason.Code.class);
        if (marked) {
            found.put(Reason.Code.MARK_PASSED_OVER, "a byte order mark before the document");
        }
        if (ended) {
            found.put(Reason.Code.NULS_PASSED_OVER, "NULs after the document");
        }
        return found;
    }

    private final class Unpadded extends FilterReader {
        private boolean begun;
        private boolean over;

        Unpadded(Reader in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            char[] one = new char[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(char[] into, int from, int length) throws IOException {
            int count = super.read(into, from, length);
            for (int i = from; i < from + count; i++) {
                into[i] = unpadded(into[i]);
            }
            return count;
        }

        private char unpadded(char c) {
            boolean first = !begun;
            begun = true;
            if (first && c == BYTE_ORDER_MARK) {
                marked = true;
                return ' ';
            }
            if (c == 0) {
                over = true;
                ended = true;
                return ' ';
            }
            // After a NUL the document must not go on: then the NUL is one that JSON refuses.
            return over && c > ' ' ? 0 : c;
        }
    }
}
