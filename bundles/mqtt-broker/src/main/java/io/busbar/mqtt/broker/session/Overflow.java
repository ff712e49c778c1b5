package io.busbar.mqtt.broker.session;

import io.busbar.api.storage.QueuedMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Drops the oldest messages of a full queue whose client is away. They have to be read first,
 * because those that were sent before are not dropped; meanwhile a few more are taken. Confined to
 * the session's loop.
 */
final class Overflow {
    /** So many more than may be are taken while the oldest are being looked for. */
    static final int MOST = 256;

    private final Session session;
    private final int maxMessages;
    private boolean reading;

    /** Before it, all were sent. */
    private long from;

    Overflow(Session session, int maxMessages) {
        this.session = session;
        this.maxMessages = maxMessages;
    }

    /** Whether one more can be taken, which is too much. */
    boolean takes() {
        return session.tailMessages() < maxMessages + (long) MOST;
    }

    /** One too many was taken. */
    void relieve() {
        if (!reading) {
            reading = true;
            long begin = from;
            session.read(
                    view -> view.queue(session.number(), begin, MOST, Long.MAX_VALUE), this::came);
        }
    }

    private void came(@Nullable List<QueuedMessage> page, @Nullable Throwable failure) {
        reading = false;
        if (page == null || page.isEmpty() || !session.isAway()) {
            return; // if too many come again, they are looked for again
        }
        int dropped = 0;
        for (QueuedMessage each : page) {
            if (each.packetId() != 0) {
                if (dropped == 0) {
                    from = each.sequence() + 1;
                }
            } else if (session.tailMessages() > maxMessages) {
                session.dropStored(each);
                dropped++;
            }
        }
        if (session.tailMessages() > maxMessages) {
            relieve();
        }
    }
}
