package io.busbar.mqtt.broker.loop;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Timers of one event loop. Each is called at most about 250 ms after its time. All deadlines are
 * kept next to each other in an array, so that checking 100,000 of them takes less than a tenth of
 * a millisecond and does not touch the objects that are not due. Confined to its loop.
 */
public final class Deadlines {
    private @Nullable Deadline[] set = new Deadline[16];
    private long[] nanos = new long[16];
    private int size;

    /** Is called when a deadline has passed. */
    @FunctionalInterface
    public interface Due {
        /** The moment is over; the deadline is not set any more. */
        void due(long nowNanos);
    }

    /**
     * One deadline. If its time moves often, it need not be updated each time: when it is called,
     * the callee checks whether the time has really come, and otherwise sets the next deadline.
     */
    public final class Deadline {
        private final Due due;

        /** Where it is among those that are set; -1 if it is not. */
        private int index = -1;

        private Deadline(Due due) {
            this.due = due;
        }

        /** Sets or moves it, in the loop's {@link Ticker} time. */
        public void set(long at) {
            if (index < 0) {
                add(this);
            }
            nanos[index] = at;
        }

        /** Sets it, or moves it if it is later. */
        public void atLatest(long at) {
            if (index < 0 || nanos[index] - at > 0) {
                set(at);
            }
        }

        /** Nobody is called any more. */
        public void clear() {
            if (index >= 0) {
                remove(index);
                index = -1;
            }
        }
    }

    /** One that is not set yet. */
    public Deadline of(Due due) {
        return new Deadline(due);
    }

    private void add(Deadline deadline) {
        if (size == nanos.length) {
            set = Arrays.copyOf(set, size * 2);
            nanos = Arrays.copyOf(nanos, size * 2);
        }
        deadline.index = size;
        set[size++] = deadline;
    }

    /** The last takes its place. */
    private void remove(int index) {
        Deadline last = set[--size];
        set[index] = last;
        set[size] = null;
        nanos[index] = nanos[size];
        if (last != null) {
            last.index = index;
        }
    }

    /**
     * Calls those that are due, but no more than so many; each of them is cleared before.
     *
     * @return whether there may be more that are due
     */
    boolean fire(long now, int most, Consumer<Throwable> failures) {
        int called = 0;
        for (int i = size - 1; i >= 0; i--) {
            Deadline due = i < size && nanos[i] - now < 0 ? set[i] : null;
            if (due != null) {
                if (called++ == most) {
                    return true;
                }
                due.clear();
                try {
                    due.due.due(now);
                } catch (RuntimeException | LinkageError failure) {
                    failures.accept(failure);
                }
            }
        }
        return false;
    }
}
