package io.busbar.memory;

import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryShortage;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who was refused or had to give back. Equal ones are gathered. When there are too many, the kind
 * with most of them loses its oldest: so a flood of one kind leaves what is told of the others.
 */
final class Shortages {
    private static final int MOST = 256;

    /** Longer names of holders are cut. */
    private static final int NAME_LENGTH = 256;

    private final Clock clock;
    private final Map<Key, MemoryShortage> latest = new LinkedHashMap<>();

    private record Key(MemoryArea area, String kind, String holder, boolean reclaimed) {}

    Shortages(Clock clock) {
        this.clock = clock;
    }

    synchronized void add(
            MemoryArea area, String kind, String holder, boolean reclaimed, long held) {
        String name = holder.length() > NAME_LENGTH ? holder.substring(0, NAME_LENGTH) : holder;
        Key key = new Key(area, kind, name, reclaimed);
        MemoryShortage before = latest.remove(key);
        if (before == null && latest.size() >= MOST) {
            latest.remove(oldestOfLargestKind());
        }
        latest.put(
                key,
                new MemoryShortage(
                        area,
                        kind,
                        name,
                        reclaimed,
                        held,
                        before == null ? 1 : before.times() + 1,
                        clock.instant()));
    }

    private Key oldestOfLargestKind() {
        Map<String, Integer> counts = new HashMap<>();
        latest.keySet().forEach(key -> counts.merge(key.kind(), 1, Integer::sum));
        int most = Collections.max(counts.values());
        for (Key key : latest.keySet()) {
            if (counts.get(key.kind()) == most) {
                return key;
            }
        }
        throw new IllegalStateException("none has the maximum of " + counts);
    }

    synchronized List<MemoryShortage> latestFirst() {
        List<MemoryShortage> list = new ArrayList<>(latest.values());
        Collections.reverse(list);
        return list;
    }
}
