package io.busbar.web.api.state;

import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Clients;
import io.busbar.api.memory.MemoryAccount;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each client sent and received in the last hour, and what waited for it: a point every two
 * minutes, taken whether somebody looks or not. In memory and bounded; of more clients, those that
 * were there first are remembered until their session ends. Thread-safe; samples are taken by one
 * thread.
 */
public final class ClientTraffic {
    /** Seconds between two points. */
    public static final int STEP_SECONDS = 120;

    /** Most points: an hour. */
    public static final int POINTS = 30;

    /** Most clients. */
    static final int MAX_CLIENTS = 5_000;

    /** A series, its place in the table, and the characters of its name beside their number. */
    private static final int SERIES_BYTES = 48 + 80 + POINTS * (4 + 4 + 8) + 3 * 16 + 120;

    private final Clock clock;
    private final MemoryAccount account;
    private volatile Map<String, Series> clients = Map.of();
    private volatile Instant sampledAt = Instant.EPOCH;
    private long bytes;

    /**
     * Remembers nobody yet.
     *
     * @param account is asked before more is remembered
     */
    public ClientTraffic(Clock clock, MemoryAccount account) {
        this.clock = clock;
        this.account = account;
    }

    /** Takes a point of each session. To be called every {@link #STEP_SECONDS}. */
    public void sample(Clients from) {
        Instant now = clock.instant();
        Map<String, Series> before = clients;
        Map<String, Series> after = new HashMap<>();
        long held = 0;
        List<String> fresh = new ArrayList<>();
        from.eachSession(
                session -> {
                    Series known = before.get(session.clientId());
                    if (known != null) {
                        known.add(from.get(session.clientId()).orElse(null), session.queued(), now);
                        after.put(session.clientId(), known);
                    } else if (fresh.size() < MAX_CLIENTS) {
                        fresh.add(session.clientId());
                    }
                });
        for (String clientId : after.keySet()) {
            held += weight(clientId);
        }
        for (String clientId : fresh) {
            long more = weight(clientId);
            if (after.size() >= MAX_CLIENTS || !account.hasRoom(held, more)) {
                break;
            }
            held += more;
            Series series = new Series();
            from.session(clientId)
                    .ifPresent(
                            session ->
                                    series.add(
                                            from.get(clientId).orElse(null),
                                            session.queued(),
                                            now));
            after.put(clientId, series);
        }
        account.add(held - bytes);
        bytes = held;
        clients = after;
        sampledAt = now;
    }

    private static long weight(String clientId) {
        return SERIES_BYTES + 2L * clientId.length();
    }

    /** The points of a client; null if there are none. */
    public @Nullable Points of(String clientId) {
        Series series = clients.get(clientId);
        return series == null ? null : series.points(sampledAt);
    }

    /**
     * Points of a client, the oldest first.
     *
     * @param at when the last one was taken
     * @param in messages per second that it sent since the point before; NaN where it was offline
     * @param out the same of those that it received
     * @param queued how many waited for it
     */
    public record Points(Instant at, float[] in, float[] out, long[] queued) {}

    private static final class Series {
        private final float[] in = new float[POINTS];
        private final float[] out = new float[POINTS];
        private final long[] queued = new long[POINTS];
        private int taken;
        private @Nullable Instant connectedAt;
        private @Nullable Instant takenAt;
        private long lastIn;
        private long lastOut;

        synchronized void add(@Nullable ClientView client, long waiting, Instant now) {
            int at = taken++ % POINTS;
            queued[at] = waiting;
            if (client == null) {
                in[at] = Float.NaN;
                out[at] = Float.NaN;
                connectedAt = null;
            } else {
                boolean same = client.connectedAt().equals(connectedAt);
                Instant since = same && takenAt != null ? takenAt : client.connectedAt();
                double seconds = Math.max(1, Duration.between(since, now).toMillis() / 1000.0);
                in[at] = (float) ((client.messagesIn() - (same ? lastIn : 0)) / seconds);
                out[at] = (float) ((client.messagesOut() - (same ? lastOut : 0)) / seconds);
                connectedAt = client.connectedAt();
                lastIn = client.messagesIn();
                lastOut = client.messagesOut();
            }
            takenAt = now;
        }

        synchronized Points points(Instant at) {
            int count = Math.min(taken, POINTS);
            float[] rateIn = new float[count];
            float[] rateOut = new float[count];
            long[] waiting = new long[count];
            for (int i = 0; i < count; i++) {
                int from = (taken - count + i) % POINTS;
                rateIn[i] = in[from];
                rateOut[i] = out[from];
                waiting[i] = queued[from];
            }
            return new Points(at, rateIn, rateOut, waiting);
        }
    }
}
