package io.busbar.uns.registry.sample;

import io.busbar.api.broker.ProviderView;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeSamples;
import io.busbar.api.uns.Sample;
import io.busbar.api.uns.spi.SampleListener;
import io.busbar.uns.registry.footprint.Footprint;
import io.busbar.uns.registry.watch.CallWatch;
import io.busbar.uns.registry.watch.Foreign;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of samples to one listener: a queue bounded in bytes, and a thread that empties it. A
 * message is handed over or counted, never both and never neither. Thread-safe.
 */
final class SampleQueue {
    private static final Logger LOG = LoggerFactory.getLogger(SampleQueue.class);

    private static final int MESSAGES_PER_CALL = 1000;
    private static final long LOG_EVERY_NANOS = 60_000_000_000L;

    /** A message with its time, its list and its place in the queue. */
    private static final int MESSAGE_BYTES = 32 + 24 + 24 + Footprint.ARRAY + 8;

    /** A sample with its time and its place in the list, beside its text. */
    private static final int SAMPLE_BYTES = 32 + 24 + 6;

    private final SampleListener listener;
    private final long maxBytes;
    private final MemoryAccount account;
    private final LongAdder totalLost;
    private final CallWatch watch;
    private final Foreign callee;
    private final Thread thread;

    /** What waits. Guarded by itself, as is all that is below. */
    private final ArrayDeque<NodeSamples> queue = new ArrayDeque<>();

    /** Bytes of what waits and of what the listener has in hand. */
    private long bytes;

    /** Messages that are missing before the next one of a node that comes into the queue. */
    private final Map<UUID, Long> gaps = new HashMap<>();

    /** Messages that are missing before the next one of a node that goes out of the queue. */
    private final Map<UUID, Long> failedGaps = new HashMap<>();

    private long missedSomewhere;
    private long lost;
    private long lostTold;
    private long toldAt;
    private boolean waiting;
    private boolean finishing;
    private boolean stopped;

    private volatile boolean failed;

    SampleQueue(
            SampleListener listener,
            long maxBytes,
            MemoryAccount account,
            LongAdder totalLost,
            CallWatch watch) {
        this.watch = watch;
        this.callee = new Foreign("sample listener", listener.getClass().getName());
        this.listener = listener;
        this.maxBytes = maxBytes;
        this.account = account;
        this.totalLost = totalLost;
        this.toldAt = System.nanoTime() - LOG_EVERY_NANOS;
        this.thread =
                new Thread(this::run, "busbar-samples-" + listener.getClass().getSimpleName());
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean isOf(SampleListener other) {
        return listener == other;
    }

    /** The listener as operators see it. */
    ProviderView view() {
        return callee.view();
    }

    boolean wants(Node node) {
        if (callee.isOut()) {
            return true; // nobody knows: what it would have got is counted as lost
        }
        boolean watched = watch.enter(callee);
        try {
            return listener.wants(node);
        } catch (RuntimeException | LinkageError e) {
            failure(e);
            return false;
        } finally {
            if (watched) {
                watch.leave();
            }
        }
    }

    void offer(Node node, long receivedAt, List<Sample> samples) {
        long size = sizeOf(node, samples);
        synchronized (queue) {
            if (stopped || callee.isOut() || bytes > 0 && bytes + size > maxBytes || !take(size)) {
                gap(gaps, node.id(), 1);
                return;
            }
            Long before = gaps.remove(node.id());
            queue.add(
                    new NodeSamples(
                            node,
                            Instant.ofEpochMilli(receivedAt),
                            samples,
                            before == null ? 0 : before));
            bytes += size;
            if (waiting) {
                queue.notifyAll();
            }
        }
    }

    private boolean take(long size) {
        boolean room = account.take(bytes, size);
        if (!room) {
            account.refused(listener.getClass().getName(), bytes);
        }
        return room;
    }

    private void giveBack(long size) {
        bytes -= size;
        account.add(-size);
    }

    /** Messages of a node were lost before they came here. */
    void miss(Node node, long messages) {
        synchronized (queue) {
            gap(gaps, node.id(), messages);
        }
    }

    /** Messages of nobody knows which nodes were lost before they came here. */
    void miss(long messages) {
        synchronized (queue) {
            missedSomewhere += messages;
            count(messages);
            if (waiting) {
                queue.notifyAll();
            }
        }
    }

    private void gap(Map<UUID, Long> into, UUID node, long messages) {
        into.merge(node, messages, Long::sum);
        count(messages);
    }

    private void count(long messages) {
        lost += messages;
        totalLost.add(messages);
    }

    /** Ends when all that waits is handed over. */
    void finish() {
        synchronized (queue) {
            finishing = true;
            queue.notifyAll();
        }
    }

    /** Ends now, or after a while if it is finishing; what still waits is lost. */
    void stop(Duration patience) {
        try {
            if (!patience.isZero()) {
                thread.join(patience.toMillis() + 1);
            }
            synchronized (queue) {
                stopped = true;
                count(queue.size());
                queue.forEach(each -> giveBack(sizeOf(each.node(), each.samples())));
                queue.clear();
                queue.notifyAll();
            }
            // The service must not be called any more when this returns.
            if (Thread.currentThread() != thread) {
                thread.join(2_000);
            }
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<NodeSamples> batch = new ArrayList<>();
        try {
            while (take(batch)) {
                hand(batch);
            }
        } catch (InterruptedException ignored) {
            LOG.debug("Sample listener {} stopped", listener.getClass().getName());
        }
    }

    /** Waits for samples or losses to tell; false at the end. */
    private boolean take(List<NodeSamples> batch) throws InterruptedException {
        batch.clear();
        synchronized (queue) {
            while (queue.isEmpty() && missedSomewhere == 0 && !stopped) {
                if (finishing) {
                    return false;
                }
                waiting = true;
                queue.wait();
                waiting = false;
            }
            while (batch.size() < MESSAGES_PER_CALL && !queue.isEmpty()) {
                NodeSamples next = queue.remove();
                Long before = failedGaps.remove(next.node().id());
                batch.add(before == null ? next : next.withLostBefore(next.lostBefore() + before));
            }
            return !stopped;
        }
    }

    private void hand(List<NodeSamples> batch) {
        long somewhere;
        synchronized (queue) {
            somewhere = missedSomewhere;
            missedSomewhere = 0;
        }
        boolean taken = false;
        try {
            if (somewhere > 0) {
                listener.onLost(somewhere);
            }
            if (!batch.isEmpty()) {
                listener.onSamples(List.copyOf(batch));
            }
            taken = true;
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            failure(e);
        }
        synchronized (queue) {
            for (NodeSamples each : batch) {
                giveBack(sizeOf(each.node(), each.samples()));
                if (!taken) {
                    failedGaps.merge(each.node().id(), each.lostBefore() + 1, Long::sum);
                    count(1);
                }
            }
            tellLoss();
        }
    }

    private void tellLoss() {
        long now = System.nanoTime();
        if (lost > lostTold && now - toldAt >= LOG_EVERY_NANOS) {
            LOG.warn(
                    "Samples were lost, since the last such line {} messages (listener={})",
                    lost - lostTold,
                    listener.getClass().getName());
            lostTold = lost;
            toldAt = now;
        }
    }

    private void failure(Throwable e) {
        if (!failed) {
            failed = true;
            LOG.error(
                    "Sample listener failed; further failures are counted only (listener={})",
                    listener.getClass().getName(),
                    e);
        }
    }

    private static long sizeOf(Node node, List<Sample> samples) {
        // The names of fields are the model's, unless there is none.
        boolean named = node.payload().model().fields().isEmpty();
        long size = MESSAGE_BYTES;
        for (Sample sample : samples) {
            size += SAMPLE_BYTES + Footprint.of(sample.json());
            if (named) {
                size += Footprint.of(sample.field());
            }
        }
        return size;
    }
}
