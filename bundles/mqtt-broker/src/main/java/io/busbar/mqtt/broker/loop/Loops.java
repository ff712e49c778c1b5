package io.busbar.mqtt.broker.loop;

import io.busbar.api.storage.ShardOwner;
import io.busbar.mqtt.broker.link.EventLoop;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * All event loops that the broker has seen, its own among them, and the store they write to.
 * Thread-safe.
 */
public final class Loops {
    private final ConcurrentHashMap<EventLoop, Loop> known = new ConcurrentHashMap<>();
    private final List<ShardOwner> owners;
    private final ToIntFunction<String> shardOf;
    private final Clock clock;
    private final Ticker ticker;
    private final long holdNanos;
    private final EventLoop homeEvents;
    private final Loop home;
    private final Congestion store = new Congestion();
    private volatile Loop[] all = {};

    /**
     * Makes the set with the broker's own loop in it.
     *
     * @param owners by shard
     * @param holdMillis how long a slow subscriber may slow down publishers
     */
    public Loops(
            EventLoop home,
            List<ShardOwner> owners,
            ToIntFunction<String> shardOf,
            Clock clock,
            Ticker ticker,
            int holdMillis) {
        this.owners = List.copyOf(owners);
        this.shardOf = shardOf;
        this.clock = clock;
        this.ticker = ticker;
        this.holdNanos = holdMillis * 1_000_000L;
        this.homeEvents = home;
        this.home = of(home);
    }

    /** The loop of an event loop of the transport. */
    public Loop of(EventLoop events) {
        Loop loop = known.get(events);
        return loop != null ? loop : add(events);
    }

    private synchronized Loop add(EventLoop events) {
        Loop loop = known.get(events);
        if (loop == null) {
            loop = new Loop(all.length, events, this);
            Loop[] more = java.util.Arrays.copyOf(all, all.length + 1);
            more[all.length] = loop;
            all = more;
            known.put(events, loop);
            loop.start();
        }
        return loop;
    }

    /**
     * The broker's own loop: sessions that were restored, timers, messages of the server itself.
     */
    public Loop home() {
        return home;
    }

    /** Runs an action on the broker's own loop after a delay. */
    public EventLoop.Timer schedule(Runnable action, long delayMillis) {
        return homeEvents.schedule(action, delayMillis);
    }

    /** All loops by slot; must not be modified. */
    public Loop[] all() {
        return all;
    }

    /** What all loops together have counted of something. */
    public long sum(ToLongFunction<Counters> figure) {
        long sum = 0;
        for (Loop loop : all) {
            sum += figure.applyAsLong(loop.counters());
        }
        return sum;
    }

    public Clock clock() {
        return clock;
    }

    public Ticker ticker() {
        return ticker;
    }

    /** What the store holds publishers with while it does not keep up. */
    public Congestion store() {
        return store;
    }

    long holdNanos() {
        return holdNanos;
    }

    int shards() {
        return owners.size();
    }

    int shardOf(String clientId) {
        return shardOf.applyAsInt(clientId);
    }

    ShardOwner owner(int shard) {
        return owners.get(shard);
    }

    void congestedBy(ShardOwner owner) {
        synchronized (store) {
            if (store.isBegun()) {
                return;
            }
            store.begin(ticker.nanos());
        }
        owner.onWritable(this::storeWritable);
    }

    private void storeWritable() {
        synchronized (store) {
            store.end();
        }
    }

    /**
     * Runs {@code done} on {@code at} when every loop has ended the turn it is in, so that whatever
     * they had gathered by now for {@code at} has arrived there.
     */
    public void fence(Loop at, Runnable done) {
        Loop[] loops = all;
        AtomicInteger open = new AtomicInteger(loops.length);
        for (Loop loop : loops) {
            loop.execute(
                    () -> {
                        loop.endTurnNow();
                        if (open.decrementAndGet() == 0) {
                            at.execute(done);
                        }
                    });
        }
    }
}
