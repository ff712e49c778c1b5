package io.busbar.memory;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryReclaimer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One kind of use of an area. */
final class Account implements MemoryAccount {
    private static final long CLOSED = Long.MIN_VALUE;

    private final Area area;
    private final String kind;
    private final int percent;
    private final @Nullable MemoryReclaimer reclaimer;

    /** What is kept for it, counted or not. */
    private volatile long kept;

    /** What is counted, or {@link #CLOSED}. */
    private final AtomicLong bytes = new AtomicLong();

    Account(Area area, String kind, int percent, @Nullable MemoryReclaimer reclaimer) {
        this.area = area;
        this.kind = kind;
        this.percent = percent;
        this.reclaimer = reclaimer;
    }

    String kind() {
        return kind;
    }

    /** How much of the area it may hold. */
    int percent() {
        return percent;
    }

    @Nullable MemoryReclaimer reclaimer() {
        return reclaimer;
    }

    @Override
    public boolean take(long held, long more) {
        if (!hasRoom(held, more)) {
            return false;
        }
        add(more);
        return true;
    }

    @Override
    public boolean hasRoom(long held, long more) {
        return area.hasRoom(this, held, more);
    }

    @Override
    public void add(long more) {
        if (more == 0) {
            return;
        }
        long before;
        do {
            before = bytes.get();
            if (before == CLOSED) {
                return;
            }
        } while (!bytes.compareAndSet(before, before + more));
        area.add(this, more);
    }

    @Override
    public void keepFree(long most) {
        kept = most;
        area.keeps(this);
    }

    /** What others who hold much have to leave free for it now. */
    long free() {
        return Math.max(0, kept - bytes());
    }

    @Override
    public long bytes() {
        long now = bytes.get();
        return now == CLOSED ? 0 : now;
    }

    @Override
    public void refused(String holder, long held) {
        area.shortages.add(area.name, kind, holder, false, held);
        area.refused(this);
    }

    @Override
    public void close() {
        long before = bytes.getAndSet(CLOSED);
        if (before != CLOSED) {
            area.closed(this);
            area.add(this, -before);
        }
    }
}
