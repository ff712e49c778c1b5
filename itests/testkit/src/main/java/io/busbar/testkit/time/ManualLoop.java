package io.busbar.testkit.time;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One loop of {@link ManualLoops}. Its tasks and timers run when the test says so; other threads
 * may add some.
 */
public final class ManualLoop implements Executor, ManualLoops.Turning {
    private final ManualLoops loops;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(
                    Comparator.comparingLong(Timer::atNanos).thenComparingLong(Timer::order));
    private long order;

    private record Timer(long atNanos, long order, Runnable action) {}

    ManualLoop(ManualLoops loops) {
        this.loops = loops;
    }

    /** Whether what runs now runs on this loop. */
    public boolean inLoop() {
        return loops.isOn(this);
    }

    /** Runs the action in a later turn, after what was given before. */
    @Override
    public void execute(Runnable action) {
        tasks.add(action);
    }

    /** Runs the action when so much time has passed; the answer cancels it. */
    public synchronized Runnable schedule(Runnable action, long delayMillis) {
        Timer timer =
                new Timer(
                        loops.clock().nanos() + TimeUnit.MILLISECONDS.toNanos(delayMillis),
                        order++,
                        action);
        timers.add(timer);
        return () -> cancel(timer);
    }

    private synchronized void cancel(Timer timer) {
        timers.remove(timer);
    }

    /** How many timers wait. */
    public synchronized int timers() {
        return timers.size();
    }

    /** Runs the timers that are due and the tasks that wait; what they add waits for the next. */
    @Override
    public boolean turn() {
        takeDueTimers();
        int due = tasks.size();
        for (int i = 0; i < due; i++) {
            tasks.remove().run();
        }
        return due > 0;
    }

    private synchronized void takeDueTimers() {
        while (nextTimerNanos() <= loops.clock().nanos()) {
            tasks.add(timers.remove().action());
        }
    }

    @Override
    public synchronized long nextTimerNanos() {
        Timer next = timers.peek();
        return next == null ? Long.MAX_VALUE : next.atNanos();
    }
}
