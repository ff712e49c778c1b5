package io.busbar.mqtt.broker.topic;

import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Subscriber;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Those who subscribed to one filter, or to one Shared Subscription. Kept in chunks that are never
 * modified, so that a change copies a few hundred references, however many there are, and a search
 * takes them as they are. Changed by one thread at a time, read by all.
 */
final class Members {
    /** Those of one chunk; only the last may have fewer. */
    static final int CHUNK = 256;

    static final Match[][] NONE = {};

    /** With more, places are looked up rather than looked for. */
    private static final int MANY = 32;

    private volatile Match[][] chunks = NONE;
    private int size;
    private @Nullable Places places;

    /** All of them; the arrays must not be modified. */
    Match[][] chunks() {
        return chunks;
    }

    boolean isEmpty() {
        return chunks.length == 0;
    }

    /** How many are in chunks. */
    static int sizeOf(Match[][] chunks) {
        int last = chunks.length - 1;
        return last < 0 ? 0 : last * CHUNK + chunks[last].length;
    }

    /** The one at a place in chunks. */
    static Match at(Match[][] chunks, int place) {
        return chunks[place / CHUNK][place % CHUNK];
    }

    /**
     * Adds a match, or replaces that of the same subscriber.
     *
     * @return whether it is new
     */
    boolean put(Match match) {
        Subscriber subscriber = match.subscriber();
        int place = placeOf(subscriber);
        if (place >= 0) {
            chunks = with(chunks, place, match);
            return false;
        }
        Match[][] old = chunks;
        int last = size / CHUNK;
        Match[][] more = Arrays.copyOf(old, last + 1);
        Match[] chunk =
                last < old.length ? Arrays.copyOf(old[last], size % CHUNK + 1) : new Match[1];
        chunk[size % CHUNK] = match;
        more[last] = chunk;
        if (places != null) {
            places.add(more, size);
        }
        size++;
        chunks = more;
        if (places == null && size > MANY) {
            places = new Places(more);
        }
        return true;
    }

    /**
     * Removes a subscriber; the last one takes its place.
     *
     * @return the place that it had, or -1
     */
    int remove(Subscriber subscriber) {
        int place = placeOf(subscriber);
        if (place < 0) {
            return -1;
        }
        int end = size - 1;
        Match moved = at(chunks, end);
        Match[][] less = place == end ? chunks.clone() : with(chunks, place, moved);
        int last = end / CHUNK;
        if (end % CHUNK == 0) {
            less = last == 0 ? NONE : Arrays.copyOf(less, last);
        } else {
            less[last] = Arrays.copyOf(less[last], end % CHUNK);
        }
        if (places != null) {
            Match[][] before = chunks;
            places.remove(before, place);
            if (place != end) {
                places.move(before, end, place);
            }
        }
        size = end;
        chunks = less;
        if (size <= MANY / 2) {
            places = null;
        }
        return place;
    }

    private static Match[][] with(Match[][] old, int place, Match match) {
        Match[][] changed = old.clone();
        changed[place / CHUNK] = old[place / CHUNK].clone();
        changed[place / CHUNK][place % CHUNK] = match;
        return changed;
    }

    private int placeOf(Subscriber subscriber) {
        if (places != null) {
            return places.of(chunks, subscriber);
        }
        for (int i = 0; i < size; i++) {
            if (at(chunks, i).subscriber() == subscriber) {
                return i;
            }
        }
        return -1;
    }
}
