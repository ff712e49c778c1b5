package io.busbar.memory;

import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryShortage;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who was refused or had to give back. Equal ones are gathered. When there are too many, the kind
 * with most of them loses its oldest: so a flood of one kind leaves what is told of the others.
 *
 * <p>Nobody waits to be told of: event loops refuse often, and whoever would hold a lock may have a
 * lower priority. Thread-safe.
 */
final class Shortages {
    private static final int MOST = 256;

    /** Longer names of holders are cut. */
    private static final int NAME_LENGTH = 256;

    private final Clock clock;
    private final Map<Key, Latest> latest = new ConcurrentHashMap<>();

    /** New ones, until one thread at a time takes them in; those beyond a bound are left out. */
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();

    private final AtomicInteger untaken = new AtomicInteger();
    private final ReentrantLock taking = new ReentrantLock();

    private final AtomicLong number = new AtomicLong();

    private record Key(MemoryArea area, String kind, String holder, boolean reclaimed) {}

    private record Told(Key key, long held) {}

    /** The last of equal ones. */
    private static final class Latest {
        private final AtomicLong times = new AtomicLong();
        private volatile long held;
        private volatile long number;
        private volatile Instant at = Instant.EPOCH;
    }

    /** One as it was, and its place among all. */
    private record Numbered(long number, MemoryShortage shortage) {}

    Shortages(Clock clock) {
        this.clock = clock;
    }

    void add(MemoryArea area, String kind, String holder, boolean reclaimed, long held) {
        String name = holder.length() > NAME_LENGTH ? holder.substring(0, NAME_LENGTH) : holder;
        Key key = new Key(area, kind, name, reclaimed);
        Latest known = latest.get(key);
        if (known != null) {
            again(known, held);
        } else if (untaken.incrementAndGet() <= MOST) {
            told.add(new Told(key, held));
            takeIn();
        } else {
            untaken.decrementAndGet();
        }
    }

    private void again(Latest known, long held) {
        known.held = held;
        known.at = clock.instant();
        known.number = number.incrementAndGet();
        known.times.incrementAndGet();
    }

    /** Takes in what is new, unless another thread does; that one looks again when it is done. */
    private void takeIn() {
        while (!told.isEmpty() && taking.tryLock()) {
            try {
                for (Told next; (next = told.poll()) != null; ) {
                    untaken.decrementAndGet();
                    takeIn(next);
                }
            } finally {
                taking.unlock();
            }
        }
    }

    private void takeIn(Told next) {
        Latest known = latest.get(next.key);
        if (known == null) {
            if (latest.size() >= MOST) {
                latest.remove(oldestOfLargestKind());
            }
            known = new Latest();
            again(known, next.held);
            latest.put(next.key, known);
        } else {
            again(known, next.held);
        }
    }

    private Key oldestOfLargestKind() {
        Map<String, Integer> counts = new HashMap<>();
        latest.keySet().forEach(key -> counts.merge(key.kind(), 1, Integer::sum));
        int most = Collections.max(counts.values());
        return latest.entrySet().stream()
                .filter(each -> counts.get(each.getKey().kind()) == most)
                .min(Comparator.comparingLong(each -> each.getValue().number))
                .orElseThrow()
                .getKey();
    }

    List<MemoryShortage> latestFirst() {
        return latest.entrySet().stream()
                .map(
                        each -> {
                            Key key = each.getKey();
                            Latest known = each.getValue();
                            return new Numbered(
                                    known.number,
                                    new MemoryShortage(
                                            key.area,
                                            key.kind,
                                            key.holder,
                                            key.reclaimed,
                                            known.held,
                                            known.times.get(),
                                            known.at));
                        })
                .sorted(Comparator.comparingLong(Numbered::number).reversed())
                .map(Numbered::shortage)
                .toList();
    }
}
