package io.busbar.memory;

import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryHolder;
import io.busbar.api.memory.MemoryReclaimer;
import io.busbar.api.memory.MemoryUse;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accounts of one area and the rule that they share, a dynamic threshold as in the buffers of
 * switches: nobody may hold more than twice of what is free, or six times in a large memory. So N
 * greedy holders leave a part of 1/(2N + 1) or 1/(6N + 1) to all others, without anybody having to
 * be found.
 */
final class Area {
    private static final Logger LOG = LoggerFactory.getLogger(Area.class);

    /** How many times the free memory one holder may hold, in a small memory and in a large one. */
    private static final int SHARE = 2;

    private static final int LARGE_SHARE = 6;

    /** From here on the reserve is enough for many who hold little, however much others hold. */
    private static final long LARGE = 128L << 20;

    private static final int RESERVE = MemoryUse.RESERVE;

    /**
     * What counts as little: at most so many bytes, and at most that part of what is free. So the
     * fuller the memory, the less somebody may hold who still gets more: many who hold little
     * cannot use up what those need who hold nothing yet.
     */
    private static final long LITTLE = 64 << 10;

    private static final int LITTLE_PART = 256;

    final MemoryArea name;
    final Shortages shortages;
    private final Runnable shortage;
    private final List<Account> accounts = new CopyOnWriteArrayList<>();

    /** Those for which something is kept. */
    private volatile Account[] keeping = {};

    private final AtomicLong used = new AtomicLong();
    private final LongAdder refusals = new LongAdder();
    private final LongAdder reclaims = new LongAdder();
    private volatile long maximum;

    /**
     * Makes one.
     *
     * @param shortage is run, often and on any thread, when somebody should give back
     */
    Area(MemoryArea name, long maximum, Shortages shortages, Runnable shortage) {
        this.name = name;
        this.maximum = maximum;
        this.shortages = shortages;
        this.shortage = shortage;
    }

    Account open(String kind, int percent, @Nullable MemoryReclaimer reclaimer) {
        Account account = new Account(this, kind, percent, reclaimer);
        accounts.add(account);
        return account;
    }

    void closed(Account account) {
        accounts.remove(account);
        synchronized (this) {
            keeping =
                    Arrays.stream(keeping).filter(each -> each != account).toArray(Account[]::new);
        }
    }

    /** Something is kept for an account. */
    synchronized void keeps(Account account) {
        if (!List.of(keeping).contains(account)) {
            Account[] more = Arrays.copyOf(keeping, keeping.length + 1);
            more[keeping.length] = account;
            keeping = more;
        }
    }

    private long kept() {
        long kept = 0;
        for (Account each : keeping) {
            kept += each.free();
        }
        return kept;
    }

    void maximum(long bytes) {
        maximum = bytes;
    }

    /** The same rule for the area and for what of it the account may hold. */
    boolean hasRoom(Account account, long held, long more) {
        long most = maximum;
        long mostOfKind = most / 100 * account.percent();
        long free = most - used.get();
        long freeOfKind = mostOfKind - account.bytes();
        long wanted = held + more;
        if (wanted <= Math.min(LITTLE, Math.min(free, freeOfKind) / LITTLE_PART)) {
            return true;
        }
        long shared = Math.min(free - kept() - most / RESERVE, freeOfKind - mostOfKind / RESERVE);
        return wanted <= (most < LARGE ? SHARE : LARGE_SHARE) * (shared - more);
    }

    void refused(Account account) {
        refusals.increment();
        if (isFull() || isShort(account)) {
            shortage.run();
        }
    }

    void add(Account account, long bytes) {
        used.addAndGet(bytes);
        if (bytes > 0 && (isFull() || isShort(account))) {
            shortage.run();
        }
    }

    /** Whether somebody has to give back: the last part, of all or of a kind, is being used. */
    boolean isShort() {
        boolean isShort = isFull();
        for (Account account : accounts) {
            isShort |= isShort(account);
        }
        return isShort;
    }

    private boolean isFull() {
        long most = maximum;
        return used.get() > most - most / RESERVE;
    }

    private boolean isShort(Account account) {
        long most = maximum / 100 * account.percent();
        return account.reclaimer() != null && account.bytes() > most - most / RESERVE;
    }

    /** Makes the largest holder give back; false if there is none. */
    boolean reclaim() {
        boolean full = isFull();
        MemoryHolder largest = null;
        Account of = null;
        for (Account account : accounts) {
            if (!full && !isShort(account)) {
                continue;
            }
            MemoryHolder candidate = largestOf(account);
            if (candidate != null && (largest == null || candidate.weight() > largest.weight())) {
                largest = candidate;
                of = account;
            }
        }
        if (largest == null || of == null) {
            return false;
        }
        reclaims.increment();
        shortages.add(name, of.kind(), largest.name(), true, largest.bytes());
        try {
            largest.release().run();
        } catch (RuntimeException | LinkageError failure) {
            LOG.error("Memory could not be taken back (kind={})", of.kind(), failure);
        }
        return true;
    }

    private static @Nullable MemoryHolder largestOf(Account account) {
        MemoryReclaimer reclaimer = account.reclaimer();
        try {
            return reclaimer == null ? null : reclaimer.largest();
        } catch (RuntimeException | LinkageError failure) {
            LOG.error("No holder of memory could be found (kind={})", account.kind(), failure);
            return null;
        }
    }

    MemoryUse use() {
        TreeMap<String, Long> kinds = new TreeMap<>();
        for (Account account : accounts) {
            kinds.merge(account.kind(), account.bytes(), Long::sum);
        }
        return new MemoryUse(maximum, used.get(), kinds, refusals.sum(), reclaims.sum());
    }
}
