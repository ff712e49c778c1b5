package io.busbar.web.api.endpoint;

import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.Problem;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds how many exports are taken at once. Thread-safe. */
public final class ExportCount {
    private final HttpCounters counters;
    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    public ExportCount(HttpCounters counters, int most) {
        this.counters = counters;
        this.most = most;
    }

    /**
     * Another one begins.
     *
     * @throws Problem 503 if there are as many as may be
     */
    void begin() {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            counters.count(HttpCounters.Cause.TOO_MANY_EXPORTS);
            throw Problem.busy("As many exports are under way as may be at once.");
        }
    }

    /** One has ended. */
    void end() {
        open.decrementAndGet();
    }
}
