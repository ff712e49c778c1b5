package io.busbar.mqtt.broker.call;

import io.busbar.api.broker.ProviderView;
import io.busbar.mqtt.broker.loop.Loops;

/** How the broker calls other people's code: on threads of its own, or watched on event loops. */
public final class Calls implements AutoCloseable {
    private final Loops loops;
    private final Workers workers;
    private final Watch watch;
    private final Complaints complaints;

    /**
     * Makes those of a broker; all its loops look after each other from now on.
     *
     * @param maxThreads threads for what may block
     * @param queue calls of one callee that may wait for a thread
     * @param watchMillis how long a call on an event loop may take
     */
    public Calls(Loops loops, int maxThreads, int queue, int watchMillis) {
        this.loops = loops;
        this.workers = new Workers(maxThreads, queue, loops::schedule, loops.ticker());
        this.watch = new Watch(watchMillis);
        this.complaints = new Complaints(loops::schedule);
        loops.atEachTick(() -> watch.look(loops.ticker().nanos()));
    }

    public Workers workers() {
        return workers;
    }

    public Watch watch() {
        return watch;
    }

    public Complaints complaints() {
        return complaints;
    }

    /** Whether something is not to be called on event loops, because it hangs or hung lately. */
    public boolean isOut(Callee callee) {
        return callee.everHung() && callee.isOut(loops.ticker().nanos());
    }

    /** What is called on event loops, as operators see it. */
    public ProviderView view(Callee callee) {
        long now = loops.ticker().nanos();
        // If all loops hang, none of them looks.
        watch.look(now);
        return callee.view(now);
    }

    @Override
    public void close() {
        workers.close();
    }
}
