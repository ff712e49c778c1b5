package io.busbar.mqtt.broker.transfer;

import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.TopicKey;
import io.busbar.api.transfer.BrokerState;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A walk over the retained messages that the store keeps, in pages, so that a slow reader holds
 * nothing of the store. What is damaged is left out. Not thread-safe.
 */
final class KeptMessages implements BrokerState.MessageWalk {
    private static final int PAGE_MESSAGES = 256;
    private static final int PAGE_BYTES = 1 << 18;

    private final RetainedView view;
    private final LongSupplier now;
    private final Consumer<String> damage;
    private final ArrayDeque<Message> page = new ArrayDeque<>();
    private @Nullable TopicKey from = TopicKey.of("");

    KeptMessages(RetainedView view, LongSupplier now, Consumer<String> damage) {
        this.view = view;
        this.now = now;
        this.damage = damage;
    }

    @Override
    public @Nullable Message next() {
        while (page.isEmpty() && from != null) {
            read(from);
        }
        return page.poll();
    }

    private void read(TopicKey first) {
        long moment = now.getAsLong();
        long bytes = 0;
        TopicKey last = null;
        int seen = 0;
        try (RetainedView.Scan scan = view.scan()) {
            boolean more = seek(scan, first);
            while (more && seen < PAGE_MESSAGES && bytes < PAGE_BYTES) {
                last = scan.key();
                bytes += read(scan, moment);
                seen++;
                more = next(scan, last);
            }
            from = more && last != null ? after(last) : null;
        }
    }

    private boolean seek(RetainedView.Scan scan, TopicKey first) {
        try {
            return scan.seek(first);
        } catch (StorageException failure) {
            Damage.only(failure);
            return skip(scan, first);
        }
    }

    private boolean next(RetainedView.Scan scan, TopicKey last) {
        try {
            return scan.next();
        } catch (StorageException failure) {
            Damage.only(failure);
            return skip(scan, last);
        }
    }

    /** Goes to a later message that can be found; false if there is none. */
    private boolean skip(RetainedView.Scan scan, TopicKey before) {
        String where = "retained messages from " + before + " on";
        byte[] key = before.bytes();
        for (byte[] later : Damage.keysAfter(key.length == 0 ? new byte[1] : key)) {
            try {
                boolean more = scan.seek(TopicKey.ofBytes(later));
                damage.accept(more ? where + ", up to " + scan.key() : where);
                return more;
            } catch (StorageException failure) {
                Damage.only(failure);
            }
        }
        damage.accept(where);
        return false;
    }

    /** Reads what a walk stands on; returns its bytes. */
    private int read(RetainedView.Scan scan, long moment) {
        Message message;
        try {
            message = scan.message();
        } catch (StorageException failure) {
            Damage.only(failure);
            damage.accept("the retained message of " + scan.key());
            return 0;
        }
        // What the server publishes for itself is the other server's business.
        if (message.topic().isSystem() || message.expiresAt() <= moment) {
            return 0;
        }
        page.add(message);
        return message.sizeBytes();
    }

    /** The least key that is greater. */
    private static TopicKey after(TopicKey key) {
        return TopicKey.ofBytes(Arrays.copyOf(key.bytes(), key.bytes().length + 1));
    }
}
