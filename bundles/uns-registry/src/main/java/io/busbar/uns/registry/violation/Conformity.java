package io.busbar.uns.registry.violation;

import io.busbar.api.mqtt.Publisher;
import io.busbar.api.uns.TopicViolations;
import io.busbar.api.uns.Violation;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the last message of one topic fits its model, and what was wrong with those before. Not
 * thread-safe.
 */
public final class Conformity {
    /** The latest violation beside its texts, with its time. */
    private static final int VIOLATION = 40 + 24;

    /** In milliseconds. */
    private static final int SECOND = 1_000;

    private boolean fits = true;
    private @Nullable Violation last;

    /**
     * Messages that came before do not heal, in milliseconds since the epoch; 0 = all do. Those
     * before one that was refused may still be on their way.
     */
    private long healsFrom;

    /** Null as long as there were no violations to count. */
    private @Nullable ViolationLog log;

    /** Whether the last message fits; also if nothing is checked. */
    public boolean fits() {
        return fits;
    }

    /** What is wrong with the latest message that did not fit this model; null if none did not. */
    public @Nullable Violation last() {
        return last;
    }

    /** When the last message that did not fit came, in milliseconds since the epoch; 0 = never. */
    public long lastAt() {
        return last == null ? 0 : last.at().toEpochMilli();
    }

    /** There is another model, or none: what did not fit the one before says nothing of it. */
    public void begin() {
        fits = true;
        last = null;
        healsFrom = 0;
    }

    /**
     * The last message fits.
     *
     * @param at in milliseconds since the epoch
     */
    public void fitted(long at) {
        if (at < healsFrom) {
            return;
        }
        fits = true;
        if (log != null) {
            log.fitted(at);
        }
    }

    /**
     * A message does not fit.
     *
     * @param stands whether it is the last message; not if it is late
     */
    public void violated(Violation violation, boolean stands) {
        last = violation;
        fits &= !stands;
    }

    /**
     * Messages do not fit and were refused: the last that came, but no values. If they came too
     * fast, those that are taken in the second after do not heal.
     *
     * @param messages how many
     * @param mostKinds how many kinds are kept
     */
    public void refused(Violation violation, Publisher by, long messages, int mostKinds) {
        healsFrom =
                violation.at().toEpochMilli()
                        + (violation.code() == Violation.Code.RATE ? SECOND : 0);
        violated(violation, true);
        log(mostKinds).add(violation, by, true, messages);
    }

    /**
     * Counts a violation.
     *
     * @param mostKinds how many kinds are kept
     */
    public void count(Violation violation, Publisher by, boolean stands, int mostKinds) {
        log(mostKinds).add(violation, by, stands);
    }

    private ViolationLog log(int mostKinds) {
        ViolationLog known = log;
        if (known == null) {
            known = new ViolationLog(mostKinds);
            log = known;
        }
        return known;
    }

    /** Counts anew from now on. The last message stays what it is. */
    public void reset(Instant now, int mostKinds) {
        log(mostKinds).reset(now);
    }

    /** Forgets everything. */
    public void clear() {
        begin();
        log = null;
    }

    /** Lets go of the kinds of violations, because memory is short; false if there are none. */
    public boolean forgetKinds() {
        return log != null && log.forgetKinds();
    }

    /** The bytes of the heap that it takes beside the object itself. */
    public long footprint() {
        long bytes = log == null ? 0 : log.footprint();
        return last == null || log != null && log.holds(last)
                ? bytes
                : bytes + VIOLATION + ViolationLog.footprintOf(last);
    }

    /**
     * The picture of this moment.
     *
     * @param violating whether that the last message does not fit is a fault of its publisher
     */
    public TopicViolations snapshot(boolean violating) {
        return log != null
                ? log.snapshot(violating)
                : new TopicViolations(violating, violating ? 1 : 0, 0, null, null, List.of(), 0);
    }

    /** How many messages did not fit. */
    public long total() {
        return log == null ? 0 : log.total();
    }

    /**
     * How many messages did not fit since one did.
     *
     * @param violating whether the last one did not
     */
    public long inARow(boolean violating) {
        return !violating ? 0 : log == null ? 1 : Math.max(1, log.inARow());
    }

    /** Since when violations are counted; null = since the start of the server. */
    public @Nullable Instant since() {
        return log == null ? null : log.since();
    }
}
