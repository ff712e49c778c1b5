package io.busbar.mqtt.broker.loop;

import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * All event loops that the broker has seen, including its own, and the store that they write to.
 * Thread-safe.
 */
public final class Loops {
    private final ConcurrentHashMap<EventLoop, Loop> known = new ConcurrentHashMap<>();
    private final Shards shards;
    private final OnTheWay onTheWay;
    private final BrokerMemory memory;
    private final Clock clock;
    private final Ticker ticker;
    private final long holdNanos;
    private final EventLoop homeEvents;
    private final Loop home;
    private final Loop[] own;
    private volatile Loop[] all = {};
    private volatile Runnable eachTick = () -> {};

    /**
     * Makes the set with the broker's own loops in it.
     *
     * @param own at least one
     * @param shards what they write to
     * @param memory where they count what they keep
     * @param holdMillis how long a slow subscriber may slow down publishers
     */
    public Loops(
            List<? extends EventLoop> own,
            Shards shards,
            BrokerMemory memory,
            Clock clock,
            Ticker ticker,
            int holdMillis) {
        this.shards = shards;
        this.onTheWay = new OnTheWay(memory, shards.congestion());
        this.memory = memory;
        this.clock = clock;
        this.ticker = ticker;
        this.holdNanos = holdMillis * 1_000_000L;
        this.homeEvents = own.get(0);
        this.home = add(homeEvents, null);
        this.own = own.stream().map(this::of).toArray(Loop[]::new);
    }

    /** The loop of an event loop of the transport. */
    public Loop of(EventLoop events) {
        Loop loop = known.get(events);
        return loop != null ? loop : add(events, home);
    }

    private synchronized Loop add(EventLoop events, @Nullable Loop takesOver) {
        Loop loop = known.get(events);
        if (loop == null) {
            loop =
                    new Loop(
                            all.length,
                            events,
                            takesOver,
                            shards,
                            onTheWay,
                            memory,
                            ticker,
                            holdNanos,
                            takesOver == null ? this::tickHome : () -> eachTick.run());
            Loop[] more = java.util.Arrays.copyOf(all, all.length + 1);
            more[all.length] = loop;
            all = more;
            known.put(events, loop);
            loop.start();
        }
        return loop;
    }

    private void tickHome() {
        eachTick.run();
        for (Loop loop : all) {
            loop.tickIfEnded();
        }
    }

    /** The first of the broker's own loops: timers, messages of the server itself. */
    public Loop home() {
        return home;
    }

    /**
     * The broker's own loop for a client that has not come since the start: the same for all of a
     * shard, so that each of them writes to few shards.
     */
    public Loop own(String clientId) {
        return own[shards.shardOf(clientId) % own.length];
    }

    /** What every loop does from now on whenever it ticks, about every 250 ms. */
    public void atEachTick(Runnable action) {
        eachTick = action;
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
    public StoreCongestion store() {
        return shards.congestion();
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
