package io.busbar.web.api.endpoint;

import io.busbar.web.http.Answer;
import io.busbar.web.http.BodySource;
import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.Problem;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers with exports, which are written while they are taken; a few at once. Thread-safe. */
public final class Exports {
    /** Characters that are made at once, at least. */
    private static final int PIECE = 1 << 15;

    private final HttpCounters counters;
    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    /** Makes them, so many at once. */
    public Exports(HttpCounters counters, int most) {
        this.counters = counters;
        this.most = most;
    }

    /** An export. Confined to one thread at a time. */
    @FunctionalInterface
    interface Export {
        /** Writes the next piece; false if everything was written before. */
        boolean writeNext(Writer to) throws IOException;
    }

    /**
     * The answer with an export.
     *
     * @param file the name that the client is to give it
     * @param begin begins it, if there are not too many
     * @throws Problem 503 if there are as many as may be
     */
    Answer answer(String contentType, String file, Supplier<Export> begin) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            counters.count(HttpCounters.Cause.TOO_MANY_EXPORTS);
            throw Problem.busy("As many exports are under way as may be at once.");
        }
        boolean begun = false;
        try {
            Answer answer = Answer.stream(contentType, new Pieces(begin.get()));
            begun = true;
            return answer.header("Content-Disposition", "attachment; filename=\"" + file + "\"");
        } finally {
            if (!begun) {
                open.decrementAndGet();
            }
        }
    }

    private final class Pieces implements BodySource {
        private final Export export;

        Pieces(Export export) {
            this.export = export;
        }

        @Override
        public byte @Nullable [] next() throws IOException {
            StringWriter text = new StringWriter(PIECE + (PIECE >> 3));
            boolean more = true;
            while (more && text.getBuffer().length() < PIECE) {
                more = export.writeNext(text);
            }
            return text.getBuffer().isEmpty()
                    ? null
                    : text.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }
}
