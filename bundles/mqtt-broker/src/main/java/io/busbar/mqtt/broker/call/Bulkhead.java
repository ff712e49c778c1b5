package io.busbar.mqtt.broker.call;

import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.ProviderView.State;
import io.busbar.mqtt.broker.link.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of one callee that may block. At most {@link Workers#share} of them run at the same
 * time, and a bounded number waits. Each call is answered within its time, whatever the callee
 * does: at the deadline the caller goes on, and the thread that still runs is interrupted. While
 * all threads of the callee hang, it is not called. Thread-safe; no method blocks.
 */
public final class Bulkhead {
    private static final Logger LOG = LoggerFactory.getLogger(Bulkhead.class);
    private static final long TOLD_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Workers workers;
    private final Callee callee;
    private final ArrayDeque<Call<?>> waiting = new ArrayDeque<>();
    private final List<Call<?>> running = new ArrayList<>();

    /** Those that wait no more and are still in the queue. */
    private int abandoned;

    private int threads;
    private int late;
    private long lateSince;
    private boolean closed;
    private boolean everTold;
    private long toldAt;

    private enum Stage {
        WAITING,
        RUNNING,
        ENDED
    }

    Bulkhead(Workers workers, Callee callee) {
        this.workers = workers;
        this.callee = callee;
    }

    /** One call. Guarded by the bulkhead. */
    public static final class Call<T> {
        private final Callable<T> work;
        private final boolean patient;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private final CompletableFuture<@Nullable T> ended = new CompletableFuture<>();
        private Stage stage = Stage.WAITING;
        private boolean isLate;

        /** Why its result does not count, even if it comes the moment after. */
        private @Nullable String refusal;

        private @Nullable Thread thread;
        private EventLoop.@Nullable Timer timer;

        private Call(Callable<T> work, boolean patient) {
            this.work = work;
            this.patient = patient;
        }

        /**
         * What it returned or threw; a {@link NotAskedException} if it was not made or is late.
         * Completes in time, on any thread.
         */
        public CompletableFuture<T> answer() {
            return answer;
        }

        /**
         * Completes when nothing runs that could use the arguments of the call, which may be long
         * after the answer: with what it returned, or null. Never fails.
         */
        public CompletableFuture<@Nullable T> ended() {
            return ended;
        }

        private void refuse(String why) {
            answer.completeExceptionally(new NotAskedException(why));
        }
    }

    /**
     * Calls the callee.
     *
     * @param timeoutMillis from now on, the wait for a thread included
     */
    public <T> Call<T> call(Callable<T> work, long timeoutMillis) {
        return enter(new Call<>(work, false), timeoutMillis);
    }

    /**
     * As the other one, but it waits for its turn even if others are refused: for what has to
     * happen once, and takes the place of nothing else.
     */
    public <T> Call<T> callInAnyCase(Callable<T> work, long timeoutMillis) {
        return enter(new Call<>(work, true), timeoutMillis);
    }

    private <T> Call<T> enter(Call<T> call, long timeoutMillis) {
        String refused;
        synchronized (this) {
            refused = refusal(call.patient);
            if (refused == null) {
                waiting.add(call);
                call.timer = workers.schedule(() -> deadline(call, timeoutMillis), timeoutMillis);
            }
        }
        if (refused != null) {
            call.refuse(refused);
            call.ended.complete(null);
        }
        return call;
    }

    /** Why there is no room for another call, or null; makes a thread if one may help. */
    private @Nullable String refusal(boolean patient) {
        if (closed) {
            return "is gone";
        }
        if (!patient && late >= workers.share()) {
            return "all its " + late + " threads hang";
        }
        if (!patient && waiting.size() - abandoned >= workers.queue()) {
            return "too many calls wait for a thread";
        }
        if (threads < workers.share()) {
            if (workers.start(this::serve)) {
                threads++;
            } else if (threads == 0) {
                return "no thread is free";
            }
        }
        return null;
    }

    /** What its threads do: one call after the other, until none waits. */
    private void serve() {
        Thread thread = Thread.currentThread();
        String before = thread.getName();
        thread.setName(before + " " + callee);
        for (Call<?> call; (call = next(thread)) != null; ) {
            run(call);
        }
        thread.setName(before);
    }

    private synchronized @Nullable Call<?> next(Thread thread) {
        for (Call<?> call; (call = waiting.poll()) != null; ) {
            if (call.stage == Stage.WAITING) {
                call.stage = Stage.RUNNING;
                call.thread = thread;
                running.add(call);
                return call;
            }
            abandoned--;
        }
        threads--;
        return null;
    }

    private <T> void run(Call<T> call) {
        T result = null;
        Throwable failure = null;
        try {
            result = call.work.call();
        } catch (Throwable thrown) {
            failure = thrown;
        }
        boolean allBack;
        String refusal;
        synchronized (this) {
            call.stage = Stage.ENDED;
            refusal = call.refusal;
            call.thread = null;
            running.remove(call);
            // It was meant for this call alone; nobody can interrupt it from here on.
            Thread.interrupted();
            allBack = call.isLate && --late == 0 && everTold;
            if (call.timer != null) {
                call.timer.cancel();
            }
        }
        if (allBack) {
            LOG.warn("What hung has returned ({})", callee);
        }
        if (refusal != null) {
            call.refuse(refusal);
            call.ended.complete(result);
        } else if (failure == null) {
            call.answer.complete(result);
            call.ended.complete(result);
        } else {
            call.answer.completeExceptionally(failure);
            call.ended.complete(null);
        }
    }

    private void deadline(Call<?> call, long timeoutMillis) {
        String why;
        boolean wasWaiting;
        Thread hangs = null;
        synchronized (this) {
            wasWaiting = call.stage == Stage.WAITING;
            if (call.stage == Stage.ENDED) {
                return;
            }
            if (wasWaiting && call.patient && !closed) {
                call.timer = workers.schedule(() -> deadline(call, timeoutMillis), timeoutMillis);
                return;
            }
            if (wasWaiting) {
                abandon(call);
                why = "no thread was free within " + timeoutMillis + " ms";
            } else {
                call.isLate = true;
                if (late++ == 0) {
                    lateSince = workers.nanos() - TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
                }
                why = "gave no answer within " + timeoutMillis + " ms";
                call.refusal = why;
                hangs = call.thread;
                if (!isTold()) {
                    LOG.error(
                            "A call hangs and is interrupted; it holds {} of the {} threads that"
                                    + " it may use ({}){}",
                            late,
                            workers.share(),
                            callee,
                            hangs == null ? "" : Traces.of(hangs));
                }
                if (hangs != null) {
                    hangs.interrupt();
                }
            }
        }
        call.refuse(why);
        if (wasWaiting) {
            call.ended.complete(null);
        }
    }

    /** Whether it was told of lately; if not, it is now. */
    private boolean isTold() {
        long now = workers.nanos();
        if (everTold && now - toldAt < TOLD_AGAIN_NANOS) {
            return true;
        }
        everTold = true;
        toldAt = now;
        return false;
    }

    private void abandon(Call<?> call) {
        call.stage = Stage.ENDED;
        abandoned++;
        if (abandoned > waiting.size() / 2) {
            waiting.removeIf(each -> each.stage != Stage.WAITING);
            abandoned = 0;
        }
    }

    /**
     * The callee goes: what waits is refused, what runs is interrupted, and its callers go on at
     * once.
     */
    public void close() {
        List<Call<?>> notMade = new ArrayList<>();
        List<Call<?>> left;
        synchronized (this) {
            closed = true;
            for (Call<?> call : waiting) {
                if (call.stage == Stage.WAITING) {
                    call.stage = Stage.ENDED;
                    notMade.add(call);
                    if (call.timer != null) {
                        call.timer.cancel();
                    }
                }
            }
            waiting.clear();
            abandoned = 0;
            left = List.copyOf(running);
            for (Call<?> call : left) {
                call.refusal = "is gone";
                if (call.thread != null) {
                    call.thread.interrupt();
                }
            }
        }
        for (Call<?> call : notMade) {
            call.refuse("is gone");
            call.ended.complete(null);
        }
        for (Call<?> call : left) {
            call.refuse("is gone");
        }
    }

    /** Whether a call runs. */
    public synchronized boolean isBusy() {
        return !running.isEmpty();
    }

    /** Whether a call is late and has not returned. */
    public synchronized boolean isLate() {
        return late > 0;
    }

    /** The callee as operators see it. */
    public synchronized ProviderView view() {
        if (late == 0) {
            return new ProviderView(callee.kind(), callee.name(), State.ASKED, "");
        }
        boolean all = late >= workers.share();
        return new ProviderView(
                callee.kind(),
                callee.name(),
                all ? State.HANGS : State.LATE,
                "has not returned for "
                        + TimeUnit.NANOSECONDS.toSeconds(workers.nanos() - lateSince)
                        + " s and holds "
                        + late
                        + " of the "
                        + workers.share()
                        + " threads that it may use"
                        + (all
                                ? "; it is not asked until one of them returns. If none does, stop"
                                        + " its bundle"
                                : ""));
    }
}
