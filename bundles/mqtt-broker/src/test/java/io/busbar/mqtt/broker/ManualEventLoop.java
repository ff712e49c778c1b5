package io.busbar.mqtt.broker;

import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.testkit.time.ManualLoop;
import io.busbar.testkit.time.ManualLoops;
import java.util.concurrent.RejectedExecutionException;

/** An event loop of the broker that a test turns. */
public final class ManualEventLoop implements EventLoop {
    private final ManualLoops loops;
    private final ManualLoop loop;
    private final int index;
    private boolean ended;

    /** Makes one of a set. */
    public ManualEventLoop(ManualLoops loops, int index) {
        this.loops = loops;
        this.loop = loops.loop();
        this.index = index;
    }

    /** Runs an action on this loop, at once. */
    public void run(Runnable action) {
        loops.on(loop, action);
    }

    /** The one that is turned. */
    ManualLoops.Turning turning() {
        return loop;
    }

    /** Ends it: it runs nothing any more. */
    void end() {
        ended = true;
    }

    private Runnable unlessEnded(Runnable action) {
        if (ended) {
            throw new RejectedExecutionException("ended");
        }
        return () -> {
            if (!ended) {
                action.run();
            }
        };
    }

    /** How many timers wait. */
    int timers() {
        return loop.timers();
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public boolean inLoop() {
        return loop.inLoop();
    }

    @Override
    public void execute(Runnable action) {
        loop.execute(unlessEnded(action));
    }

    @Override
    public void executeNextTurn(Runnable action) {
        execute(action); // what a turn adds waits for the next
    }

    @Override
    public Timer schedule(Runnable action, long delayMillis) {
        return loop.schedule(unlessEnded(action), delayMillis)::run;
    }
}
