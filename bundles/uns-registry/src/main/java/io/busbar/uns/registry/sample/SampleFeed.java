package io.busbar.uns.registry.sample;

import io.busbar.api.broker.ProviderView;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.Sample;
import io.busbar.api.uns.spi.SampleListener;
import io.busbar.uns.registry.watch.CallWatch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** Passes samples to all sample listeners, each with its own queue. Thread-safe. */
public final class SampleFeed implements AutoCloseable {
    /** How long a stop waits for the listeners to take what is there. */
    private static final Duration LAST_CALL = Duration.ofSeconds(5);

    /** How much of the memory all queues may take, in percent. */
    private static final int PART = 30;

    private final long queueBytes;
    private final CallWatch watch;
    private final MemoryAccount account;
    private final List<SampleQueue> queues = new CopyOnWriteArrayList<>();
    private final LongAdder lost = new LongAdder();

    /**
     * Makes one without listeners.
     *
     * @param queueBytes bounds each listener's queue to about so many bytes
     * @param memory is asked before more waits
     * @param watch notices listeners that hang
     */
    public SampleFeed(long queueBytes, MemoryBudget memory, CallWatch watch) {
        this.queueBytes = queueBytes;
        this.account = memory.open(MemoryArea.HEAP, "samples", PART, null);
        this.watch = watch;
    }

    /** The listeners, as operators see them. */
    public List<ProviderView> views() {
        return queues.stream().map(SampleQueue::view).toList();
    }

    /** Hands samples to a listener from now on. */
    public void add(SampleListener listener) {
        SampleQueue queue = new SampleQueue(listener, queueBytes, account, lost, watch);
        queues.add(queue);
        queue.start();
    }

    /** Hands a listener nothing more; what waits for it counts as lost. */
    public void remove(SampleListener listener) {
        List<SampleQueue> gone = queues.stream().filter(queue -> queue.isOf(listener)).toList();
        queues.removeAll(gone);
        gone.forEach(queue -> queue.stop(Duration.ZERO));
    }

    /** Whether anybody wants samples of a node. */
    public boolean isWanted(Node node) {
        for (SampleQueue queue : queues) {
            if (queue.wants(node)) {
                return true;
            }
        }
        return false;
    }

    /** Hands over what a message brought for a node, or counts that it is lost. */
    public void offer(Node node, long receivedAt, List<Sample> samples) {
        for (SampleQueue queue : queues) {
            if (queue.wants(node)) {
                queue.offer(node, receivedAt, samples);
            }
        }
    }

    /** Messages of a node did not come this far. */
    public void miss(Node node, long messages) {
        for (SampleQueue queue : queues) {
            if (queue.wants(node)) {
                queue.miss(node, messages);
            }
        }
    }

    /** Messages did not come this far, and nobody knows of which topics. */
    public void miss(long messages) {
        for (SampleQueue queue : queues) {
            queue.miss(messages);
        }
    }

    /** Messages whose samples were lost, summed over the listeners. */
    public long lost() {
        return lost.sum();
    }

    /** Waits a little for the listeners to take what is there, then stops. */
    @Override
    public void close() {
        queues.forEach(SampleQueue::finish);
        long deadline = System.nanoTime() + LAST_CALL.toNanos();
        for (SampleQueue queue : queues) {
            queue.stop(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        queues.clear();
        account.close();
    }
}
