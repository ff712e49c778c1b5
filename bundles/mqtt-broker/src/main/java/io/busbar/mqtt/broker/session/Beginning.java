package io.busbar.mqtt.broker.session;

import io.busbar.api.storage.InboundMessage;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.ShardView;
import io.busbar.mqtt.broker.limit.StoredLimits;
import java.util.ArrayList;
import java.util.List;

/**
 * What a connection needs of what the store has of a session.
 *
 * @param messages the beginning of its queue: all that was sent and is not acknowledged, and some
 *     of what follows
 * @param inbound messages that came and wait for PUBREL
 */
record Beginning(List<QueuedMessage> messages, List<InboundMessage> inbound) {
    private static final int PAGE_MESSAGES = 1_024;
    private static final long PAGE_BYTES = 1 << 20;

    /**
     * Reads it; may wait for a disk.
     *
     * @param paged whether the rest stays in the store; otherwise everything is read
     */
    static Beginning read(ShardView view, long session, StoredLimits limits, boolean paged) {
        List<QueuedMessage> messages = new ArrayList<>();
        int count = paged ? limits.windowMessages() : PAGE_MESSAGES;
        long bytes = paged ? limits.windowBytes() : PAGE_BYTES;
        long from = 0;
        List<QueuedMessage> page;
        do {
            page = view.queue(session, from, count, bytes);
            messages.addAll(page);
            if (page.isEmpty()) {
                break;
            }
            from = page.get(page.size() - 1).sequence() + 1;
        } while (!paged || page.get(page.size() - 1).packetId() != 0);
        return new Beginning(messages, view.inbound(session));
    }
}
