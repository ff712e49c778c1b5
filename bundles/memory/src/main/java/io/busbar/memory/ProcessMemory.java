package io.busbar.memory;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.memory.MemoryReclaimer;
import io.busbar.api.memory.MemoryShortage;
import io.busbar.api.memory.MemoryUse;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The budget of this process, without OSGi. A thread of its own makes the largest holders give back
 * while an area is short. Thread-safe.
 */
public final class ProcessMemory implements MemoryBudget, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessMemory.class);

    /** Between one holder and the next: what it gives back has to arrive. */
    private static final long PAUSE_NANOS = 20_000_000;

    /** If nobody can give back. */
    private static final long LONG_PAUSE_NANOS = 500_000_000;

    private static final long WARN_EVERY_NANOS = 60_000_000_000L;

    private final Shortages shortages;
    private final Map<MemoryArea, Area> areas = new EnumMap<>(MemoryArea.class);
    private final Thread thread;
    private volatile boolean wanted;
    private volatile boolean closed;

    /**
     * Starts with these maxima.
     *
     * @param heapBytes of the heap
     * @param directBytes of memory outside the heap
     */
    public ProcessMemory(long heapBytes, long directBytes, Clock clock) {
        shortages = new Shortages(clock);
        thread = new Thread(this::run, "busbar-memory");
        thread.setDaemon(true);
        for (MemoryArea name : MemoryArea.values()) {
            long maximum = name == MemoryArea.HEAP ? heapBytes : directBytes;
            areas.put(name, new Area(name, maximum, shortages, this::shortage));
        }
        thread.start();
    }

    private Area area(MemoryArea name) {
        Area area = areas.get(name);
        if (area == null) {
            throw new IllegalArgumentException("area: " + name);
        }
        return area;
    }

    /** Changes the maxima; what is held beyond is not taken away, but does not grow. */
    void maxima(long heapBytes, long directBytes) {
        area(MemoryArea.HEAP).maximum(heapBytes);
        area(MemoryArea.DIRECT).maximum(directBytes);
    }

    @Override
    public MemoryAccount open(
            MemoryArea area, String kind, int percent, @Nullable MemoryReclaimer reclaimer) {
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException("percent: " + percent + " (expected: 1..100)");
        }
        return area(area).open(kind, percent, reclaimer);
    }

    @Override
    public MemoryUse use(MemoryArea area) {
        return area(area).use();
    }

    @Override
    public List<MemoryShortage> shortages() {
        return shortages.latestFirst();
    }

    private void shortage() {
        if (!wanted) {
            wanted = true;
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        long warned = System.nanoTime() - WARN_EVERY_NANOS;
        while (!closed) {
            if (!wanted) {
                LockSupport.park();
                continue;
            }
            wanted = false;
            try {
                warned = makeRoom(warned);
            } catch (RuntimeException | Error failure) {
                LOG.error("Memory could not be taken back", failure);
            }
        }
    }

    private long makeRoom(long warned) {
        boolean isShort = false;
        boolean reclaimed = false;
        for (Area area : areas.values()) {
            if (area.isShort()) {
                isShort = true;
                reclaimed |= area.reclaim();
            }
        }
        if (!isShort) {
            return warned;
        }
        LockSupport.parkNanos(reclaimed ? PAUSE_NANOS : LONG_PAUSE_NANOS);
        wanted = true;
        long now = System.nanoTime();
        if (now - warned < WARN_EVERY_NANOS) {
            return warned;
        }
        LOG.warn(
                "Memory runs short: who holds most is refused more or has to give back; health"
                        + " names them (heap={}, direct={})",
                use(MemoryArea.HEAP),
                use(MemoryArea.DIRECT));
        return now;
    }

    /** Ends its thread; accounts go on counting. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
