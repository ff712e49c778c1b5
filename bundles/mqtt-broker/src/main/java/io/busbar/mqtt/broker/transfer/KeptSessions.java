package io.busbar.mqtt.broker.transfer;

import io.busbar.api.storage.InboundMessage;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.transfer.BrokerState;
import io.busbar.mqtt.broker.session.Admission;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A walk over the sessions that the store keeps, one read after the other. Not thread-safe. */
final class KeptSessions implements BrokerState.SessionWalk {
    private static final int PAGE_MESSAGES = 256;
    private static final int PAGE_BYTES = 1 << 18;

    private final Iterator<Admission.Kept> all;
    private Admission.@Nullable Kept current;
    private long from;

    /** Packet Identifiers of messages of the session that were sent. */
    private final BitSet sent = new BitSet();

    /** Whether a message of the session waits; those behind it wait as well. */
    private boolean waiting;

    KeptSessions(Iterator<Admission.Kept> all) {
        this.all = all;
    }

    @Override
    public @Nullable SessionRecord next() {
        while (all.hasNext()) {
            Admission.Kept next = all.next();
            SessionRecord record = next.view().session(next.number()).orElse(null);
            // It may have ended, or not be written yet, or end with its connection.
            if (record != null && record.expirySeconds() != 0) {
                current = next;
                from = 0;
                sent.clear();
                waiting = false;
                return record;
            }
        }
        return null;
    }

    private Admission.Kept current() {
        Admission.Kept it = current;
        if (it == null) {
            throw new IllegalStateException("before the first session");
        }
        return it;
    }

    @Override
    public List<SubscriptionRecord> subscriptions() {
        return current().view().subscriptions(current().number());
    }

    @Override
    public int[] inbound() {
        return current().view().inbound(current().number()).stream()
                .mapToInt(InboundMessage::packetId)
                .toArray();
    }

    @Override
    public List<QueuedMessage> messages() {
        List<QueuedMessage> owed = new ArrayList<>();
        while (owed.isEmpty()) {
            List<QueuedMessage> page =
                    current().view().queue(current().number(), from, PAGE_MESSAGES, PAGE_BYTES);
            if (page.isEmpty()) {
                break;
            }
            from = page.get(page.size() - 1).sequence() + 1;
            for (QueuedMessage each : page) {
                if (!hasArrived(each)) {
                    owed.add(consistent(each));
                }
            }
        }
        return owed;
    }

    /** Whether it was sent, and arrived, since a page before was read. */
    private boolean hasArrived(QueuedMessage it) {
        return it.state() == OutboundState.RELEASED && (waiting || sent.get(it.packetId()));
    }

    /**
     * A message as it fits behind those before. Its client goes on while pages are read: what was
     * sent meanwhile waits in the walk, behind what waited when it was read.
     */
    private QueuedMessage consistent(QueuedMessage it) {
        waiting |= it.packetId() == 0 || sent.get(it.packetId());
        if (!waiting) {
            sent.set(it.packetId());
            return it;
        }
        return it.packetId() == 0
                ? it
                : new QueuedMessage(it.sequence(), it.message(), it.delivery(), 0, null);
    }
}
