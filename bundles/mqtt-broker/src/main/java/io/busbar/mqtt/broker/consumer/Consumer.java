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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer inside the server: a ring that publishers fill, and a thread that empties it. When
 * the ring is full, messages go to an overflow that keeps the latest of each topic; it is emptied
 * before the ring takes more, so messages of one topic stay in order. If that is full as well,
 * messages are missed; what is retained of them is read again as soon as nothing waits.
 */
final class Consumer implements Subscriber, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Consumer.class);
    private static final int BURST = 256;

    /** How often reading retained messages is tried, and how long it waits in between. */
    private static final int READ_TRIES = 40;

    private static final long READ_PAUSE_NANOS = 250_000_000;

    /** How often it looks whether the server has come up. */
    private static final long UP_PAUSE_NANOS = 20_000_000;

    private final MessageSubscriber target;
    private final List<TopicFilter> filters;
    private final Message[] ring;
    private final Map<TopicName, Latest> overflow = new LinkedHashMap<>();

    /** Messages that were dropped because the overflow had no room for another topic. */
    private long missedElsewhere;

    /** Whether there was one among them that is retained. */
    private boolean missedRetained;

    private final Thread thread;
    private int head;
    private int size;
    private long conflated;

    /** What the thread hands over next, and of each how many before it were replaced by it. */
    private final Message[] burst = new Message[BURST];

    private final long[] missed = new long[BURST];

    private long failures;
    private volatile boolean sleeping;
    private volatile boolean closed;
    private Supplier<RetainedWalk> retained = () -> () -> null;
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
     * @param walks walks over what it gets first, and leaves out what changes from then on
     * @param up when it gets that
     */
    void start(Supplier<RetainedWalk> walks, BooleanSupplier up) {
        retained = walks;
        first = walks.get();
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
        boolean isRetained = message.retain() && message.payload().length > 0;
        if (before != null) {
            isRetained |= before.message().retain();
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
            missedRetained |= isRetained;
        }
    }

    private void count(long more) {
        bytes += more;
        memory.add(more);
    }

    private void run() {
        awaitUp();
        handRetained(first);
        first = () -> null;
        while (!closed) {
            if (handBurst() > 0) {
                continue;
            }
            if (hasMissedRetained()) {
                handRetained(retained.get());
                continue;
            }
            sleeping = true;
            if (isIdle() && !closed) {
                LockSupport.parkNanos(100_000_000L);
            }
            sleeping = false;
        }
    }

    /** Hands over some of what waits; how many messages. */
    private int handBurst() {
        int n = take();
        for (int i = 0; i < n; i++) {
            if (missed[i] > 0) {
                handMissed(burst[i].topic(), missed[i]);
            }
            hand(burst[i], false);
            burst[i] = null;
        }
        return n;
    }

    /** Hands over what waits now. */
    private void handWaiting() {
        int left;
        synchronized (ring) {
            left = size + overflow.size();
        }
        for (int n = 1; left > 0 && n > 0 && !closed; left -= n) {
            n = handBurst();
        }
    }

    private void awaitUp() {
        while (!closed && !isUp.getAsBoolean()) {
            LockSupport.parkNanos(UP_PAUSE_NANOS);
        }
    }

    /**
     * Hands over retained messages, and what is published in between only if the ring cannot hold
     * it. The store that cannot be read is tried again for a while; then the rest is left out.
     */
    private void handRetained(RetainedWalk walk) {
        for (int tries = 0; !closed; ) {
            if (isCrowded()) {
                handWaiting();
            }
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

    private boolean isCrowded() {
        synchronized (ring) {
            return !overflow.isEmpty();
        }
    }

    /** Whether something retained was missed since it was asked last, and nothing waits. */
    private boolean hasMissedRetained() {
        synchronized (ring) {
            boolean some = missedRetained && size == 0 && overflow.isEmpty();
            if (some) {
                missedRetained = false;
            }
            return some;
        }
    }

    private boolean isIdle() {
        synchronized (ring) {
            return size == 0 && overflow.isEmpty();
        }
    }

    private int take() {
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
