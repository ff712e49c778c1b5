package io.busbar.mqtt.broker.consumer;

import io.busbar.api.broker.spi.MessageSubscriber;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.delivery.Subscriber;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.memory.Meter;
import io.busbar.mqtt.broker.retained.RetainedWalk;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer inside the server: a ring that publishers fill, and a thread that empties it. When
 * the ring is full, messages go to an overflow that keeps the latest of each topic; it is emptied
 * before the ring takes more, so messages of one topic stay in order.
 */
final class Consumer implements Subscriber, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Consumer.class);
    private static final int BURST = 256;

    /** How often reading retained messages is tried, and how long it waits in between. */
    private static final int READ_TRIES = 40;

    private static final long READ_PAUSE_NANOS = 250_000_000;

    /** How often, and how long at most, it looks whether the server has come up. */
    private static final long UP_PAUSE_NANOS = 20_000_000;

    private static final long MOST_UP_NANOS = 10_000_000_000L;

    private final MessageSubscriber target;
    private final List<TopicFilter> filters;
    private final Message[] ring;
    private final Map<TopicName, Latest> overflow = new LinkedHashMap<>();

    /** Messages that were dropped because the overflow had no room for another topic. */
    private long missedElsewhere;

    private final Thread thread;
    private int head;
    private int size;
    private long conflated;

    /** Of each message of a burst, how many before it were replaced by it. */
    private final long[] missed = new long[BURST];

    private long failures;
    private volatile boolean sleeping;
    private volatile boolean closed;
    private RetainedWalk first = () -> null;
    private BooleanSupplier isUp = () -> true;

    /**
     * The latest message of a topic.
     *
     * @param missed how many were replaced by it
     */
    private record Latest(Message message, long missed) {}

    /** Where waiting messages count, guarded by the ring, and how much they are. */
    private final Meter memory;

    private final MemoryAccount account;
    private long bytes;

    Consumer(
            MessageSubscriber target,
            List<TopicFilter> filters,
            int capacity,
            MemoryAccount account) {
        this.target = target;
        this.account = account;
        this.memory = new Meter(account);
        this.filters = filters;
        this.ring = new Message[capacity];
        this.thread = new Thread(this::run, "busbar-consumer-" + target.getClass().getSimpleName());
        this.thread.setDaemon(true);
    }

    MemoryAccount account() {
        return account;
    }

    List<TopicFilter> filters() {
        return filters;
    }

    /**
     * Begins.
     *
     * @param retained what it gets first
     * @param up when it gets that; but not much later than now
     */
    void start(RetainedWalk retained, BooleanSupplier up) {
        first = retained;
        isUp = up;
        thread.start();
    }

    long conflated() {
        synchronized (ring) {
            return conflated;
        }
    }

    @Override
    public void deliver(Loop at, Routed routed, Match match) {
        Message message = routed.message();
        int cost = routed.footprint();
        synchronized (ring) {
            if (size < ring.length && overflow.isEmpty() && memory.hasRoom(bytes, cost)) {
                int tail = head + size;
                ring[tail < ring.length ? tail : tail - ring.length] = message;
                size++;
                count(cost);
            } else {
                overflow(message, cost);
            }
        }
        if (sleeping) {
            sleeping = false;
            LockSupport.unpark(thread);
        }
    }

    private void overflow(Message message, int cost) {
        // To the end: the order of topics is that of their latest message.
        Latest before = overflow.remove(message.topic());
        long replaced = 0;
        if (before != null) {
            count(-Footprint.routed(before.message()));
            replaced = before.missed() + 1;
            conflated++;
        }
        if (overflow.size() < ring.length && memory.hasRoom(bytes, cost)) {
            overflow.put(message.topic(), new Latest(message, replaced));
            count(cost);
        } else {
            conflated++;
            missedElsewhere += replaced + 1;
        }
    }

    private void count(long more) {
        bytes += more;
        memory.add(more);
    }

    private void run() {
        awaitUp();
        handRetained();
        Message[] burst = new Message[BURST];
        while (!closed) {
            int n = take(burst);
            if (n == 0) {
                sleeping = true;
                if (isIdle() && !closed) {
                    LockSupport.parkNanos(100_000_000L);
                }
                sleeping = false;
                continue;
            }
            for (int i = 0; i < n; i++) {
                if (missed[i] > 0) {
                    handMissed(burst[i].topic(), missed[i]);
                }
                hand(burst[i], false);
                burst[i] = null;
            }
        }
    }

    private void awaitUp() {
        long from = System.nanoTime();
        while (!closed && !isUp.getAsBoolean() && System.nanoTime() - from < MOST_UP_NANOS) {
            LockSupport.parkNanos(UP_PAUSE_NANOS);
        }
    }

    /** The store that cannot be read is tried again for a while; then the rest is left out. */
    private void handRetained() {
        RetainedWalk walk = first;
        first = () -> null;
        for (int tries = 0; !closed; ) {
            try {
                Message message = walk.next();
                if (message == null) {
                    return;
                }
                tries = 0;
                hand(message, true);
            } catch (RuntimeException failure) {
                if (++tries == READ_TRIES) {
                    LOG.error(
                            "Message subscriber does not get all retained messages: {}"
                                    + " (subscriber={})",
                            failure.getMessage(),
                            target.getClass().getName());
                    return;
                }
                LockSupport.parkNanos(READ_PAUSE_NANOS);
            }
        }
    }

    private boolean isIdle() {
        synchronized (ring) {
            return size == 0 && overflow.isEmpty();
        }
    }

    private int take(Message[] burst) {
        long elsewhere = 0;
        int n = 0;
        synchronized (ring) {
            while (n < burst.length && size > 0) {
                missed[n] = 0;
                Message next = ring[head];
                count(-Footprint.routed(next));
                burst[n++] = next;
                ring[head] = null;
                head = head + 1 == ring.length ? 0 : head + 1;
                size--;
            }
            if (n == 0 && !overflow.isEmpty()) {
                var entries = overflow.values().iterator();
                while (n < burst.length && entries.hasNext()) {
                    Latest next = entries.next();
                    count(-Footprint.routed(next.message()));
                    missed[n] = next.missed();
                    burst[n++] = next.message();
                    entries.remove();
                }
                elsewhere = missedElsewhere;
                missedElsewhere = 0;
            }
        }
        if (elsewhere > 0) {
            handMissed(null, elsewhere);
        }
        return n;
    }

    private void handMissed(@Nullable TopicName topic, long messages) {
        try {
            target.onMissed(topic, messages);
        } catch (RuntimeException | LinkageError failure) {
            failed(topic, failure);
        }
    }

    private void hand(Message message, boolean retained) {
        try {
            target.onMessage(message, retained);
        } catch (RuntimeException | LinkageError failure) {
            failed(message.topic(), failure);
        }
    }

    private void failed(@Nullable TopicName topic, Throwable failure) {
        if (failures++ == 0) {
            LOG.error(
                    "Message subscriber failed; further failures are counted only"
                            + " (subscriber={}, topic={})",
                    target.getClass().getName(),
                    topic,
                    failure);
        }
    }

    @Override
    public @Nullable Loop loop() {
        return null;
    }

    @Override
    public @Nullable Congestion congestion() {
        return null;
    }

    @Override
    public boolean isDurable() {
        return false;
    }

    @Override
    public int readiness() {
        return READY;
    }

    @Override
    public boolean isClient() {
        return false;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            if (Thread.currentThread() != thread) {
                thread.join(2_000);
            }
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
        }
    }
}
