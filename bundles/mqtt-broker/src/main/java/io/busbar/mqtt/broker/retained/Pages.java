package io.busbar.mqtt.broker.retained;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.TopicKey;
import io.busbar.mqtt.broker.retained.Page.Found;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads Retained Messages from the store, with the overlay over it, in pages that end after so many
 * messages, bytes or steps: so no filter keeps a thread busy for long. Thread-safe.
 */
final class Pages {
    /** Messages of a page. */
    static final int MOST_MESSAGES = 256;

    /** Bytes of topic, payload and properties, beyond which a page ends. */
    private static final int MOST_BYTES = 64 << 10;

    /** Steps to the next key of the store, of which a jump counts for several. */
    private static final int MOST_STEPS = 2_048;

    private static final int STEPS_OF_SEEK = 8;

    private final RetainedView store;
    private final Overlay overlay;
    private final AtomicLong versions;
    private final SipHash hashes;
    private final Clock clock;

    /**
     * Makes one.
     *
     * @param versions the number of the last change that can be seen
     */
    Pages(RetainedView store, Overlay overlay, AtomicLong versions, SipHash hashes, Clock clock) {
        this.store = store;
        this.overlay = overlay;
        this.versions = versions;
        this.hashes = hashes;
        this.clock = clock;
    }

    /** What matches and is alive, from a key on. May wait for the store. */
    Page read(FilterWalk walk, TopicKey from, int most) {
        long now = clock.millis();
        long asOf = versions.get();
        // Before the store: what is not in the overlay any more is in the store by then.
        Overlay.Part changed = overlay.part(walk, from, most);
        TopicKey end = changed.end();
        List<Found> found = new ArrayList<>(Math.min(most, MOST_MESSAGES));
        int bytes = 0;
        int steps = 0;
        try (RetainedView.Scan scan = store.scan()) {
            boolean more = scan.seek(from);
            while (more) {
                TopicKey key = scan.key();
                if (changed.end() != null && key.compareTo(changed.end()) >= 0) {
                    break;
                }
                if (found.size() >= most || bytes >= MOST_BYTES || steps >= MOST_STEPS) {
                    end = key;
                    break;
                }
                FilterWalk.Step step = walk.look(key.bytes());
                if (step == FilterWalk.Step.END) {
                    break;
                }
                if (step == FilterWalk.Step.SEEK) {
                    steps += STEPS_OF_SEEK;
                    more = scan.seek(walk.target());
                    continue;
                }
                if (step == FilterWalk.Step.MATCH) {
                    Message message = scan.message();
                    if (message.expiresAt() > now) {
                        found.add(new Found(key, message, hashes.of(message.topic().utf8())));
                        bytes += message.sizeBytes();
                    }
                }
                steps++;
                more = scan.next();
            }
        }
        return new Page(asOf, merge(found, changed.changes(), end, now), end);
    }

    /** Both before the end, in their order; of one topic only the change counts. */
    private static List<Found> merge(
            List<Found> stored, List<Overlay.Seen> changes, @Nullable TopicKey end, long now) {
        if (changes.isEmpty()) {
            return stored;
        }
        List<Found> merged = new ArrayList<>(stored.size() + changes.size());
        int at = 0;
        for (Overlay.Seen change : changes) {
            TopicKey key = change.pending().key;
            if (end != null && key.compareTo(end) >= 0) {
                break;
            }
            int order = -1;
            while (at < stored.size() && (order = stored.get(at).key().compareTo(key)) < 0) {
                merged.add(stored.get(at++));
            }
            if (at < stored.size() && order == 0) {
                at++;
            }
            Message message = change.message();
            if (message != null && message.expiresAt() > now) {
                merged.add(new Found(key, message, change.pending().hash));
            }
        }
        merged.addAll(stored.subList(at, stored.size()));
        return merged;
    }

    /** The messages of topics, as the store has them. May wait for it. */
    Page read(List<TopicName> topics) {
        long asOf = versions.get();
        List<Found> found = new ArrayList<>(topics.size());
        for (TopicName topic : topics) {
            TopicKey key = TopicKey.of(topic);
            Pending pending = overlay.get(key);
            Message message = pending != null ? pending.message : store.get(topic).orElse(null);
            if (message != null) {
                found.add(new Found(key, message, hashes.of(topic.utf8())));
            }
        }
        return new Page(asOf, found, null);
    }

    /** Messages of the store whose lifetime is over, from a key on. May wait for it. */
    Page expired(TopicKey from) {
        long now = clock.millis();
        long asOf = versions.get();
        List<Found> found = new ArrayList<>();
        try (RetainedView.Scan scan = store.scan()) {
            boolean more = scan.seek(from);
            for (int steps = 0; more; steps++) {
                if (steps >= MOST_STEPS) {
                    return new Page(asOf, found, scan.key());
                }
                Message message = scan.message();
                if (message.expiresAt() <= now) {
                    found.add(new Found(scan.key(), message, hashes.of(message.topic().utf8())));
                }
                more = scan.next();
            }
        }
        return new Page(asOf, found, null);
    }
}
