package io.busbar.mqtt.broker.loop;

import java.util.ArrayDeque;

/**
 * Work of one event loop that is too much for one turn: an expensive request of a client, or many
 * of them. It is done in portions, round robin among those who have some, and in each turn of the
 * loop only so many steps of it. In between, the loop serves its sockets, so nobody waits longer
 * than a few milliseconds for the work of others. Confined to its loop.
 *
 * <p>Work is counted in steps of about 0.1 to 0.2 µs, because reading a clock after each would cost
 * more than the step itself.
 */
public final class Background {
    /** Steps that one piece of work may take before the next one has its portion. */
    public static final int PORTION = 2_048;

    /** Steps that all work together may take in one turn. */
    public static final int TURN = 8_192;

    private final Loop loop;
    private final ArrayDeque<Work> waiting = new ArrayDeque<>();
    private final Runnable turn = this::turn;
    private final Allowance allowance = new Allowance();
    private int left = TURN;
    private boolean planned;

    /** Something that can be done in portions. */
    public interface Work {
        /**
         * Goes on until it is done, cannot go on, or has used up what it is allowed.
         *
         * @return whether it has to be called again, because the allowance was too small
         */
        boolean goOn(Allowance allowance);

        /** It has thrown an exception, which is logged; it is not called again. */
        default void failed() {}
    }

    /** How many steps a piece of work may take now. */
    public static final class Allowance {
        private int steps;

        /** Whether the work has to leave the rest for later. */
        public boolean isUsedUp() {
            return steps <= 0;
        }

        /** How many steps are left. */
        public int left() {
            return steps;
        }

        /** Counts steps that were taken; the last ones may be more than were left. */
        public void spend(int taken) {
            steps -= taken;
        }
    }

    Background(Loop loop) {
        this.loop = loop;
    }

    /**
     * Does work at once, as far as this turn has steps left and nobody else waits; the rest in
     * later turns.
     *
     * @return whether it is done, or could not go on
     */
    public boolean begin(Work work) {
        if (waiting.isEmpty() && left > 0 && !run(work)) {
            return true;
        }
        later(work);
        return false;
    }

    /** Does work in the next turn, after what waits already. */
    public void later(Work work) {
        waiting.add(work);
        plan();
    }

    /** Whether it has to be called again. */
    private boolean run(Work work) {
        int most = Math.min(PORTION, left);
        allowance.steps = most;
        boolean more = false;
        try {
            more = work.goOn(allowance);
        } catch (RuntimeException | LinkageError failure) {
            loop.failed("background", failure);
            work.failed();
        }
        int taken = Math.max(1, most - allowance.steps); // at least one, so that a turn ends
        left -= taken;
        loop.spend(taken);
        plan();
        return more;
    }

    private void plan() {
        if (!planned) {
            planned = true;
            loop.executeNextTurn(turn);
        }
    }

    private void turn() {
        planned = false;
        left = TURN;
        while (left > 0) {
            Work next = waiting.poll();
            if (next == null) {
                return;
            }
            if (run(next)) {
                waiting.add(next);
            }
        }
    }
}
