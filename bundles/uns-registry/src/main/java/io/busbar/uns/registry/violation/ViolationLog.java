package io.busbar.uns.registry.violation;

import io.busbar.api.mqtt.Publisher;
import io.busbar.api.uns.Expectation;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.TopicViolations;
import io.busbar.api.uns.Violation;
import io.busbar.api.uns.ViolationKind;
import io.busbar.uns.registry.footprint.Footprint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The violations of one topic: how many there were, and each kind once, so that one that comes with
 * every message does not push out the others. Not thread-safe.
 */
public final class ViolationLog {
    /** An expectation without its text. */
    private static final int EXPECTATION = 24;

    /** A reason without its parameters, which are few; and one of these without its texts. */
    private static final int REASON = 24 + 64;

    private static final int PARAMETER = 2 * Footprint.REFERENCE;

    /** The object, its list, and two times. */
    private static final int STRUCTURE = 64 + 24 + Footprint.ARRAY + 2 * 24;

    /** A kind, its violation with its time, and its first time. */
    private static final int KIND = 32 + 40 + 24 + 24 + Footprint.REFERENCE;

    private final int mostKinds;

    /** The latest first. */
    private final List<Kind> kinds = new ArrayList<>(1);

    private @Nullable Instant since;
    private @Nullable Instant healedAt;
    private long total;
    private long inARow;
    private long forgotten;

    /** Violations that are alike. */
    private static final class Kind {
        private final Instant firstAt;
        private Violation last;
        private Publisher publisher;
        private long count;

        Kind(Violation first, Publisher publisher) {
            this.firstAt = first.at();
            this.last = first;
            this.publisher = publisher;
        }

        boolean has(Violation violation, Publisher by) {
            return last.code() == violation.code()
                    && last.field().equals(violation.field())
                    && publisher.principalId().equals(by.principalId())
                    && publisher.clientId().equals(by.clientId());
        }

        long footprint() {
            return KIND + footprintOf(last) + Footprint.of(publisher);
        }
    }

    /**
     * Starts without violations.
     *
     * @param mostKinds beyond it the kind that was seen longest ago is forgotten
     */
    public ViolationLog(int mostKinds) {
        this.mostKinds = mostKinds;
    }

    /** The texts of a violation. */
    public static long footprintOf(Violation violation) {
        Expectation expected = violation.expectation();
        Reason reason = violation.reason();
        return Footprint.of(violation.field())
                + Footprint.of(violation.detail())
                + Footprint.of(violation.found())
                + (expected == null ? 0 : EXPECTATION + Footprint.of(expected.value()))
                + (reason == null ? 0 : footprintOf(reason));
    }

    /** Of the names of parameters there is one text each in the program. */
    private static long footprintOf(Reason reason) {
        long bytes = REASON;
        for (String value : reason.parameters().values()) {
            bytes += PARAMETER + Footprint.of(value);
        }
        return bytes;
    }

    /**
     * A message did not fit.
     *
     * @param stands whether it is the last message; not if it is late
     */
    public void add(Violation violation, Publisher publisher, boolean stands) {
        add(violation, publisher, stands, 1);
    }

    /**
     * The same of several messages with the same violation.
     *
     * @param messages how many
     */
    void add(Violation violation, Publisher publisher, boolean stands, long messages) {
        total += messages;
        if (stands) {
            inARow += messages;
            healedAt = null;
        }
        Kind kind = take(violation, publisher);
        kind.last = violation;
        kind.publisher = publisher;
        kind.count += messages;
        kinds.add(0, kind);
    }

    /** Takes the kind of a violation out of the list, or makes it. */
    private Kind take(Violation violation, Publisher publisher) {
        for (int i = 0; i < kinds.size(); i++) {
            if (kinds.get(i).has(violation, publisher)) {
                return kinds.remove(i);
            }
        }
        if (kinds.size() >= mostKinds) {
            forgotten += kinds.remove(kinds.size() - 1).count;
        }
        return new Kind(violation, publisher);
    }

    /**
     * The last message fits, or is not held against a model any more.
     *
     * @param at in milliseconds since the epoch
     */
    public void fitted(long at) {
        if (inARow > 0) {
            inARow = 0;
            healedAt = Instant.ofEpochMilli(at);
        }
    }

    /** Counts anew from now on, with no kinds. The last message stays what it is. */
    public void reset(Instant now) {
        kinds.clear();
        total = 0;
        inARow = 0;
        forgotten = 0;
        healedAt = null;
        since = now;
    }

    /** Lets go of the kinds, because memory is short; false if there are none. */
    public boolean forgetKinds() {
        if (kinds.isEmpty()) {
            return false;
        }
        kinds.forEach(kind -> forgotten += kind.count);
        kinds.clear();
        return true;
    }

    /** How many messages did not fit. */
    public long total() {
        return total;
    }

    /** How many messages did not fit since one did. */
    public long inARow() {
        return inARow;
    }

    /** Since when violations are counted; null = since the start of the server. */
    public @Nullable Instant since() {
        return since;
    }

    /** Whether a violation is the latest of the kinds, and so is counted with them. */
    boolean holds(Violation violation) {
        return !kinds.isEmpty() && kinds.get(0).last == violation;
    }

    /** The bytes of the heap that it takes. */
    public long footprint() {
        long bytes = STRUCTURE;
        for (Kind kind : kinds) {
            bytes += kind.footprint();
        }
        return bytes;
    }

    /**
     * The picture of this moment.
     *
     * @param violating whether the last message does not fit
     */
    public TopicViolations snapshot(boolean violating) {
        return new TopicViolations(
                violating,
                violating ? Math.max(1, inARow) : 0,
                total,
                since,
                healedAt,
                kinds.stream()
                        .map(
                                kind ->
                                        new ViolationKind(
                                                kind.last,
                                                kind.publisher,
                                                kind.count,
                                                kind.firstAt))
                        .toList(),
                forgotten);
    }
}
