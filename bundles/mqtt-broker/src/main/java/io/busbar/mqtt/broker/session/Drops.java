package io.busbar.mqtt.broker.session;

import io.busbar.api.broker.DropCause;
import io.busbar.mqtt.broker.loop.Loop;
import java.util.HashMap;
import java.util.Map;

/**
 * What the sessions of a loop did not get, by cause: counted at once, told when the loop looks at
 * the time. Confined to the loop.
 */
final class Drops {
    private static final DropCause[] CAUSES = DropCause.values();

    private final Loop loop;
    private final DropListener listener;
    private Map<String, long[]> untold = new HashMap<>();

    Drops(Loop loop, DropListener listener) {
        this.loop = loop;
        this.listener = listener;
    }

    /** A session lost so many more. */
    void add(String clientId, DropCause cause, long count) {
        loop.counters().drop(cause, count);
        if (untold.isEmpty()) {
            loop.atNextTick(this::tell);
        }
        untold.computeIfAbsent(clientId, id -> new long[CAUSES.length])[cause.ordinal()] += count;
    }

    private void tell() {
        Map<String, long[]> all = untold;
        untold = new HashMap<>();
        all.forEach(
                (clientId, counts) -> {
                    for (DropCause cause : CAUSES) {
                        if (counts[cause.ordinal()] > 0) {
                            listener.dropped(clientId, cause, counts[cause.ordinal()]);
                        }
                    }
                });
    }
}
