package io.busbar.mqtt.broker.loop;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.mqtt.broker.loop.StoreCongestion.Reason;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is in memory until the store has written it: batches on their way to it, and messages whose
 * publishers wait for an answer. If it becomes too much, publishers are held until half of it is
 * written, however far the store itself would let it grow. Thread-safe.
 */
final class OnTheWay {
    /** As much as there may be in a large memory; in a small one it is a part of it. */
    private static final long MOST_BYTES = 32 << 20;

    private final MemoryAccount account;
    private final StoreCongestion congestion;
    private final long most;
    private final AtomicLong bytes = new AtomicLong();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean holding;

    OnTheWay(BrokerMemory memory, StoreCongestion congestion) {
        this.account = memory.onTheWay();
        this.congestion = congestion;
        this.most = memory.passing(MOST_BYTES);
        account.keepFree(2 * most); // those who publish little go on for a while
    }

    /** More is on its way. */
    void add(long more) {
        account.add(more);
        if (bytes.addAndGet(more) > most && !holding) {
            decide();
        }
    }

    /** It has arrived. */
    void remove(long less) {
        fail(less);
        forget(less);
    }

    /**
     * It could not be written, and stays in memory until {@link #forget}. Nobody is held for it:
     * while the store cannot write, publishers that need it are refused and all others go on.
     */
    void fail(long less) {
        if (bytes.addAndGet(-less) <= most / 2 && holding) {
            decide();
        }
    }

    /** What failed was written after all. */
    void forget(long less) {
        account.add(-less);
    }

    private synchronized void decide() {
        if (!holding && bytes.get() > most) {
            holding = true; // and looked at once more, in case that it was not seen meanwhile
            congestion.begin(Reason.MEMORY, most / 2);
        }
        if (holding && bytes.get() <= most / 2) {
            holding = false;
            congestion.end(Reason.MEMORY);
            goOn();
        }
    }

    /**
     * Runs an action, on any thread, when publishers are not held any more because of it.
     *
     * @return false if they are not held; then the action does not run
     */
    boolean waitForRoom(Runnable action) {
        if (!holding) {
            return false;
        }
        waiting.add(action);
        return holding || !waiting.remove(action);
    }

    private void goOn() {
        for (Runnable action; (action = waiting.poll()) != null; ) {
            action.run();
        }
    }
}
