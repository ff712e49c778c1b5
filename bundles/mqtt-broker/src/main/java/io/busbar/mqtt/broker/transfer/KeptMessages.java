package io.busbar.mqtt.broker.transfer;

import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.TopicKey;
import io.busbar.api.transfer.BrokerState;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A walk over the retained messages that the store keeps, in pages, so that a slow reader holds
 * nothing of the store. Not thread-safe.
 */
final class KeptMessages implements BrokerState.MessageWalk {
    private static final int PAGE_MESSAGES = 256;
    private static final int PAGE_BYTES = 1 << 18;

    private final RetainedView view;
    private final LongSupplier now;
    private final ArrayDeque<Message> page = new ArrayDeque<>();
    private @Nullable TopicKey from = TopicKey.of("");

    KeptMessages(RetainedView view, LongSupplier now) {
        this.view = view;
        this.now = now;
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
            boolean more = scan.seek(first);
            while (more && seen < PAGE_MESSAGES && bytes < PAGE_BYTES) {
                Message message = scan.message();
                // What the server publishes for itself is the other server's business.
                if (!message.topic().isSystem() && message.expiresAt() > moment) {
                    page.add(message);
                    bytes += message.sizeBytes();
                }
                seen++;
                last = scan.key();
                more = scan.next();
            }
            from = more && last != null ? after(last) : null;
        }
    }

    /** The least key that is greater. */
    private static TopicKey after(TopicKey key) {
        return TopicKey.ofBytes(Arrays.copyOf(key.bytes(), key.bytes().length + 1));
    }
}
