package io.busbar.mqtt.broker.call;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Where one thread calls other people's code, and says in what it is at the moment. A call costs
 * two plain writes each way. Confined to its thread, but for what {@link Watch} reads.
 */
public final class CallSite {
    private static final AtomicReferenceFieldUpdater<CallSite, @Nullable Callee> RUNNING =
            AtomicReferenceFieldUpdater.newUpdater(CallSite.class, Callee.class, "running");
    private static final AtomicLongFieldUpdater<CallSite> CALL =
            AtomicLongFieldUpdater.newUpdater(CallSite.class, "call");

    private final Thread thread;
    private final Place place;
    private volatile @Nullable Callee running;
    private volatile long call;

    // The watch's own notes about this site.
    @Nullable Callee hangsIn;
    long watchedCall;
    long watchedNanos;

    /** Makes the one of the current thread. */
    CallSite(Place place) {
        this.thread = Thread.currentThread();
        this.place = place;
    }

    /** A call begins; {@link #leave} has to follow, whatever happens in between. */
    public void enter(Callee callee) {
        CALL.lazySet(this, call + 1);
        RUNNING.lazySet(this, callee);
    }

    /** The call has ended. */
    public void leave() {
        RUNNING.lazySet(this, null);
    }

    // ---- for the watch

    Place place() {
        return place;
    }

    /** What is being called, or null. */
    @Nullable Callee running() {
        return running;
    }

    /** How many calls there were, the one that runs included. */
    long call() {
        return call;
    }

    /** Whether its thread has ended; then it calls no more. */
    boolean isOver() {
        return !thread.isAlive();
    }

    /** Where its thread is at the moment. */
    String trace() {
        return Traces.of(thread);
    }

    @Override
    public String toString() {
        return thread.getName();
    }
}
