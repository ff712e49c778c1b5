package io.busbar.mqtt.broker.event;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Rejections;
import io.busbar.api.broker.Who;
import io.busbar.api.mqtt.ReasonCode;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the most recent rejections. Those of one client with one cause are one entry with a count,
 * whatever topics it tries. When there are too many, whoever has most entries loses its oldest one,
 * so nobody pushes out the entries of others by making up names. Thread-safe.
 */
public final class RejectionLog implements Rejections {
    /** How many different ones are kept. */
    public static final int CAPACITY = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(RejectionLog.class);
    private static final int MAX_TEXT = 512;

    private final Clock clock;
    private final Consumer<Rejection> listener;
    private final Map<Key, Rejection> entries = new LinkedHashMap<>();

    /** The keys of each source, the oldest first. */
    private final Map<String, Set<Key>> bySource = new LinkedHashMap<>();

    private long lastId;
    private long total;

    /** Can be compared, so that keys made to have the same hash are found as fast as others. */
    private record Key(
            Rejection.Kind kind,
            Rejection.Cause cause,
            String clientId,
            @Nullable String principalId,
            @Nullable String username,
            String host)
            implements Comparable<Key> {
        private static final Comparator<@Nullable String> TEXT =
                Comparator.nullsFirst(Comparator.naturalOrder());
        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::clientId)
                        .thenComparing(Key::username, TEXT)
                        .thenComparing(Key::host)
                        .thenComparing(Key::principalId, TEXT)
                        .thenComparing(Key::kind)
                        .thenComparing(Key::cause);

        /**
         * Who can make up such keys: an identity that was let in, else whoever has the address.
         * What CONNECT says is not yet known to be true.
         */
        String source() {
            return principalId == null || kind == Rejection.Kind.CONNECT
                    ? "address " + network(host)
                    : "identity " + principalId;
        }

        /** An IPv4 address, or the network of an IPv6 address: who has one has them all. */
        private static String network(String host) {
            int end = host.startsWith("[") ? 0 : -1;
            for (int group = 0; end >= 0 && group < 4; group++) {
                end = host.indexOf(':', end + 1);
            }
            return end < 0 ? host : host.substring(0, end);
        }

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * Makes an empty list.
     *
     * @param listener is told of each refusal
     */
    public RejectionLog(Clock clock, Consumer<Rejection> listener) {
        this.clock = clock;
        this.listener = listener;
    }

    /** Records one and tells of it; returns it with its count. */
    public Rejection add(Rejection.Kind kind, Rejection.Cause cause, Who who, Rejection.What what) {
        return add(kind, cause, cause.reason(), who, what);
    }

    /** As the other one, of a cause that has several Reason Codes. */
    public Rejection add(
            Rejection.Kind kind,
            Rejection.Cause cause,
            ReasonCode reason,
            Who who,
            Rejection.What what) {
        Rejection rejection = record(kind, cause, reason, who, what);
        listener.accept(rejection);
        return rejection;
    }

    private synchronized Rejection record(
            Rejection.Kind kind,
            Rejection.Cause cause,
            ReasonCode reason,
            Who who,
            Rejection.What what) {
        total++;
        Who client = who.named(shorten(who.clientId()), shortenIfKnown(who.username()));
        Rejection.What about =
                new Rejection.What(
                        shortenIfKnown(what.topic()), what.expected(), shorten(what.detail()));
        Key key =
                new Key(
                        kind,
                        cause,
                        client.clientId(),
                        client.principalId(),
                        client.username(),
                        client.host());
        Rejection old = remove(key);
        Instant now = clock.instant();
        Rejection rejection =
                new Rejection(
                        old == null ? ++lastId : old.id(),
                        kind,
                        cause,
                        reason,
                        client,
                        about,
                        old == null ? Rejection.Times.once(now) : old.times().again(now));
        entries.put(key, rejection);
        bySource.computeIfAbsent(key.source(), source -> new LinkedHashSet<>()).add(key);
        if (entries.size() > CAPACITY) {
            remove(oldestOfLargestSource());
        }
        return rejection;
    }

    private @Nullable Rejection remove(Key key) {
        Rejection removed = entries.remove(key);
        if (removed != null) {
            bySource.computeIfPresent(
                    key.source(),
                    (source, keys) -> keys.remove(key) && keys.isEmpty() ? null : keys);
        }
        return removed;
    }

    private Key oldestOfLargestSource() {
        Set<Key> largest = Set.of();
        for (Set<Key> keys : bySource.values()) {
            if (keys.size() > largest.size()) {
                largest = keys;
            }
        }
        // If all have one entry only, the first is the oldest: a source is forgotten with its last.
        return largest.iterator().next();
    }

    private static @Nullable String shortenIfKnown(@Nullable String text) {
        return text == null ? null : shorten(text);
    }

    private static String shorten(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }

    @Override
    public synchronized List<Rejection> list() {
        List<Rejection> newestFirst = new ArrayList<>(entries.values());
        Collections.reverse(newestFirst);
        return newestFirst;
    }

    @Override
    public synchronized boolean dismiss(long id, Actor actor) {
        for (Map.Entry<Key, Rejection> entry : entries.entrySet()) {
            if (entry.getValue().id() == id) {
                remove(entry.getKey());
                LOG.debug("Rejection dismissed (rejection={}, by={})", id, actor);
                return true;
            }
        }
        return false;
    }

    @Override
    public synchronized long total() {
        return total;
    }
}
