package io.busbar.mqtt.broker.loop;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Work of one event loop that is too much for one turn: an expensive request of a client, or many
 * of them. It is done in portions, and in each turn of the loop only so many steps of it. In
 * between, the loop serves its sockets, so nobody waits longer than a few milliseconds for the work
 * of others. Identities that have some are served round robin, and so are the pieces of work of one
 * identity: nobody gets more by connecting more often. Confined to its loop.
 *
 * <p>It also counts what sockets bring beside it, as far as that can be put off.
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

    /** Who has something to do, and when it is whose turn. */
    private final Map<Object, Line> lines = new HashMap<>();

    private final ArrayDeque<Line> turns = new ArrayDeque<>();
    private final Runnable turn = this::turn;
    private final Allowance allowance = new Allowance();
    private int left = TURN;
    private int leftBeside = TURN;
    private boolean planned;

    /** The work of one identity. */
    private static final class Line {
        private final Object identity;
        private final ArrayDeque<Work> waiting = new ArrayDeque<>(2);

        Line(Object identity) {
            this.identity = identity;
        }
    }

    /** Something that can be done in portions. */
    public interface Work {
        /**
         * Goes on until it is done, cannot go on, or has used up what it is allowed.
         *
         * @return whether it has to be called again, because the allowance was too small
         */
        boolean goOn(Allowance allowance);

        /** Who has to share with whom: the identity of the client; empty is the server itself. */
        default Object identity() {
            return "";
        }

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
        if (lines.isEmpty() && left > 0 && !run(work)) {
            return true;
        }
        later(work);
        return false;
    }

    /** Does work in the next turn, after what waits already. */
    public void later(Work work) {
        Object identity = work.identity();
        Line line = lines.get(identity);
        if (line == null) {
            line = new Line(identity);
            lines.put(identity, line);
            turns.add(line);
        }
        line.waiting.add(work);
        plan();
    }

    /** Work that was done beside it, because sockets brought it. */
    void beside(int steps) {
        leftBeside -= steps;
        if (leftBeside < TURN / 2) {
            plan(); // seldom: a turn with little of it costs nothing
        }
    }

    /** Whether so much more may be done beside it in this turn. */
    boolean hasTimeBeside(int steps) {
        return leftBeside >= steps;
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
        loop.spendAllowed(taken);
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
        leftBeside = TURN;
        while (left > 0) {
            Line line = turns.poll();
            if (line == null) {
                return;
            }
            Work next = line.waiting.remove();
            if (run(next)) {
                line.waiting.add(next);
            }
            if (line.waiting.isEmpty()) {
                lines.remove(line.identity);
            } else {
                turns.add(line);
            }
        }
    }
}
