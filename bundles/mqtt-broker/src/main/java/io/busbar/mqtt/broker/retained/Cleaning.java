package io.busbar.mqtt.broker.retained;

import io.busbar.api.storage.TopicKey;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.retained.Page.Found;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes expired messages from the store: in one walk through all of it, when they are many in
 * proportion to the others, or after an hour. Nobody gets them meanwhile. Works on the broker's own
 * loop; pages are read elsewhere.
 */
final class Cleaning {
    private static final int LEAST = 1_000;
    private static final int SHARE = 8;
    private static final long HOUR = 3_600_000;
    private static final long MINUTE = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(Cleaning.class);

    private final StoredRetained retained;
    private final Loop home;
    private final LateWriter writer;

    /** Expired messages that are still in the store, about. */
    private final AtomicLong left = new AtomicLong();

    private boolean working;
    private long began;

    Cleaning(StoredRetained retained, Loop home, LateWriter writer) {
        this.retained = retained;
        this.home = home;
        this.writer = writer;
    }

    /** So many have expired. */
    void found(int expired) {
        if (expired > 0) {
            left.addAndGet(expired);
        }
    }

    /** Begins, if it is worth it. */
    void cleanUp(long now) {
        long expired = left.get();
        long since = now - began;
        boolean many = expired >= Math.max(LEAST, retained.size() / SHARE) && since >= MINUTE;
        if (!working && (many || expired > 0 && since >= HOUR)) {
            began = now;
            working = true;
            left.set(0);
            page(TopicKey.of(""), expired);
        }
    }

    private void page(TopicKey from, long expired) {
        if (!writer.isIdle()) {
            home.atNextTick(() -> page(from, expired));
            return;
        }
        retained.read(
                home,
                () -> retained.pages().expired(from),
                (page, failure) -> read(page, failure, expired));
    }

    private void read(@Nullable Page page, @Nullable Throwable failure, long expired) {
        if (page == null) {
            LOG.warn("Expired retained messages stay in the store for now: {}", "" + failure);
            left.addAndGet(expired);
            working = false;
            return;
        }
        for (Found found : page.found()) {
            retained.removeExpired(found);
        }
        TopicKey next = page.next();
        if (next == null) {
            working = false;
        } else {
            page(next, expired);
        }
    }
}
