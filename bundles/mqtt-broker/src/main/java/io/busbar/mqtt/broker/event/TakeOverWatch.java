package io.busbar.mqtt.broker.event;

import io.busbar.api.broker.Rejection;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.broker.session.TakeOvers;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Detects clients that keep disconnecting each other because they use the same Client Identifier:
 * three take-overs within a minute. Thread-safe.
 */
public final class TakeOverWatch implements TakeOvers {
    private static final int MANY = 3;
    private static final long WITHIN_MILLIS = 60_000;
    private static final int MAX_CLIENTS = 10_000;

    private final Clock clock;
    private final RejectionLog rejections;
    private final Map<String, ArrayDeque<Long>> recent =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, ArrayDeque<Long>> eldest) {
                    return size() > MAX_CLIENTS;
                }
            };

    /** Makes one that records into the list. */
    public TakeOverWatch(Clock clock, RejectionLog rejections) {
        this.clock = clock;
        this.rejections = rejections;
    }

    @Override
    public void tookOver(Session session, @Nullable String oldAddress, String newAddress) {
        if (!isLoop(session.clientId())) {
            return;
        }
        rejections.add(
                Rejection.Kind.TAKE_OVER,
                Rejection.Cause.CLIENT_ID_CONFLICT,
                session.who(newAddress),
                Rejection.What.of(
                        "connections from "
                                + oldAddress
                                + " and "
                                + newAddress
                                + " use this Client Identifier in turn; give one of them"
                                + " credentials of its own"));
    }

    private boolean isLoop(String clientId) {
        long now = clock.millis();
        synchronized (recent) {
            ArrayDeque<Long> times = recent.computeIfAbsent(clientId, id -> new ArrayDeque<>());
            times.addLast(now);
            while (times.size() > MANY || now - times.peekFirst() > WITHIN_MILLIS) {
                times.removeFirst();
            }
            return times.size() >= MANY;
        }
    }
}
