package io.busbar.memory;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryReclaimer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One kind of use of an area. */
final class Account implements MemoryAccount {
    private final Area area;
    private final String kind;
    private final int percent;
    private final @Nullable MemoryReclaimer reclaimer;
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean closed;

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
        if (more != 0 && !closed) {
            bytes.addAndGet(more);
            area.add(this, more);
        }
    }

    @Override
    public long bytes() {
        return bytes.get();
    }

    @Override
    public void refused(String holder, long held) {
        area.shortages.add(area.name, kind, holder, false, held);
        area.refused(this);
    }

    /** Bytes that others add at the same moment may stay counted: as much as they add. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            area.closed(this);
            area.add(this, -bytes.getAndSet(0));
        }
    }
}
