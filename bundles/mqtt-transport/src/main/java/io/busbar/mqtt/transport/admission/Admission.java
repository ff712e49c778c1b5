package io.busbar.mqtt.transport.admission;

import io.busbar.api.broker.Rejection;
import io.busbar.api.memory.MemoryAccount;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a listener accepts another connection. It limits the number of connections at
 * this listener, at all listeners together and from one address, and the number of new connections
 * per second. The counts survive a change of the configuration. Thread-safe.
 */
public final class Admission {
    /** How many that are refused may wait for the answer that says so. */
    private static final int MAX_ANSWERED = 64;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** What a connection takes of the heap while nothing happens. */
    private static final int CONNECTION_BYTES = 3 << 10;

    /**
     * So many connections of one address are few: they are let in while there is memory at all.
     * Behind the address of a gateway may be a whole plant, which has to get in when others hold
     * too much.
     */
    private static final int FEW = 64;

    /**
     * What is kept for connections, of all listeners together: the first {@code 1 MiB} of them get
     * in also when what only passes, such as a few very large messages, has used up all for a
     * moment.
     */
    private static final long KEPT_BYTES = 1 << 20;

    private final Places total;
    private final MemoryAccount memory;
    private final Places here = new Places(0);
    private final Places answered = new Places(MAX_ANSWERED);
    private final Map<Long, Integer> byAddress = new ConcurrentHashMap<>();
    private final LongAdder refused = new LongAdder();
    private final LongSupplier clock;

    /**
     * When the bucket is full again. Each connection adds its share of a second, and none gets in
     * that would move it more than a second away from now: a burst is what one second allows.
     */
    private final AtomicLong fullAt;

    private volatile int maxPerAddress;
    private volatile int perSecond;

    /**
     * Lets everybody in until there are {@linkplain #limits limits}.
     *
     * @param total the places of all listeners together
     * @param memory counts connections of all listeners
     * @param clock nanoseconds, see {@link System#nanoTime}
     */
    public Admission(Places total, MemoryAccount memory, LongSupplier clock) {
        this.total = total;
        this.memory = memory;
        memory.keepFree(KEPT_BYTES);
        this.clock = clock;
        this.fullAt = new AtomicLong(clock.getAsLong());
    }

    /** Takes changed limits. */
    public void limits(AdmissionLimits changed) {
        here.limit(changed.connections());
        maxPerAddress = changed.connectionsPerAddress();
        perSecond = changed.connectsPerSecond();
    }

    /** How many were refused. */
    public long refused() {
        return refused.sum();
    }

    /** Takes a seat for a new connection, or a seat that says why there is none. */
    public Seat seat() {
        Seat seat = new Seat();
        if (!isInRate()) {
            seat.refuse(Rejection.Cause.CONNECT_RATE);
        } else if (!here.take()) {
            seat.refuse(Rejection.Cause.LISTENER_FULL);
        } else if (!total.take()) {
            here.giveBack();
            seat.refuse(Rejection.Cause.LISTENER_FULL);
        } else if (!memory.take(0, CONNECTION_BYTES) && !takeKept()) {
            here.giveBack();
            total.giveBack();
            seat.refuse(Rejection.Cause.MEMORY_FULL);
        } else {
            seat.taken = true;
        }
        return seat;
    }

    private boolean takeKept() {
        if (memory.bytes() + CONNECTION_BYTES > KEPT_BYTES) {
            return false;
        }
        memory.add(CONNECTION_BYTES);
        return true;
    }

    private boolean isInRate() {
        int rate = perSecond;
        if (rate == 0) {
            return true;
        }
        long share = SECOND / rate;
        while (true) {
            long now = clock.getAsLong();
            long before = fullAt.get();
            long after = (before - now > 0 ? before : now) + share;
            if (after - now > SECOND) {
                return false;
            }
            if (fullAt.compareAndSet(before, after)) {
                return true;
            }
        }
    }

    /** An IPv4 address, or the network of an IPv6 address: who has one of those has them all. */
    private static long key(InetAddress address) {
        byte[] bytes = address.getAddress();
        long key = bytes.length;
        for (int i = 0; i < Math.min(8, bytes.length); i++) {
            key = key << 8 | bytes[i] & 0xFF;
        }
        return key;
    }

    /** The places that one connection occupies. Confined to its event loop. */
    public final class Seat {
        private Rejection.@Nullable Cause cause;
        private boolean taken;
        private boolean answering;
        private @Nullable Long address;

        /** Counts the connection with its address, as soon as that is known. */
        public void at(InetAddress from) {
            if (address != null || cause != null) {
                return;
            }
            Long key = key(from);
            int most = maxPerAddress;
            int now = byAddress.merge(key, 1, Integer::sum);
            address = key;
            if (most > 0 && now > most) {
                refuse(Rejection.Cause.LISTENER_FULL);
            } else if (now > FEW && !memory.hasRoom((long) now * CONNECTION_BYTES, 0)) {
                memory.refused(from.getHostAddress(), (long) now * CONNECTION_BYTES);
                refuse(Rejection.Cause.MEMORY_FULL);
            }
        }

        private void refuse(Rejection.Cause because) {
            cause = because;
            refused.increment();
            free();
        }

        /** Why the connection may not stay, or null. */
        public Rejection.@Nullable Cause refusal() {
            return cause;
        }

        /** Whether there is time to tell who is refused; else the connection is just closed. */
        public boolean mayBeTold() {
            if (!answering) {
                answering = answered.take();
            }
            return answering;
        }

        private void free() {
            if (taken) {
                taken = false;
                here.giveBack();
                total.giveBack();
                memory.add(-CONNECTION_BYTES);
            }
            Long key = address;
            if (key != null) {
                address = null;
                byAddress.computeIfPresent(key, (k, n) -> n == 1 ? null : n - 1);
            }
        }

        /** The connection is gone. */
        public void leave() {
            free();
            if (answering) {
                answering = false;
                answered.giveBack();
            }
        }
    }
}
