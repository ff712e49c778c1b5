package io.busbar.mqtt.broker.transfer;

import io.busbar.api.storage.InboundMessage;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.transfer.BrokerState;
import io.busbar.mqtt.broker.session.Admission;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A walk over the sessions that the store keeps, one read after the other. What is damaged is left
 * out. Not thread-safe.
 */
final class KeptSessions implements BrokerState.SessionWalk {
    private static final int PAGE_MESSAGES = 256;
    private static final int PAGE_BYTES = 1 << 18;

    private final Iterator<Admission.Kept> all;
    private final Consumer<String> damage;
    private Admission.@Nullable Kept current;
    private long from;

    /** Packet Identifiers of messages of the session that were sent. */
    private final BitSet sent = new BitSet();

    /** Whether a message of the session waits; those behind it wait as well. */
    private boolean waiting;

    KeptSessions(Iterator<Admission.Kept> all, Consumer<String> damage) {
        this.all = all;
        this.damage = damage;
    }

    @Override
    public @Nullable SessionRecord next() {
        while (all.hasNext()) {
            Admission.Kept next = all.next();
            SessionRecord record =
                    read(
                            () -> next.view().session(next.number()).orElse(null),
                            null,
                            "the session of " + next.clientId());
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

    /** Reads something; if it is damaged, it is named, and something else stands for it. */
    private <T extends @Nullable Object> T read(Supplier<T> reading, T otherwise, String name) {
        try {
            return reading.get();
        } catch (StorageException failure) {
            Damage.only(failure);
            damage.accept(name);
            return otherwise;
        }
    }

    @Override
    public List<SubscriptionRecord> subscriptions() {
        Admission.Kept it = current();
        return read(
                () -> it.view().subscriptions(it.number()),
                List.of(),
                "the subscriptions of " + it.clientId());
    }

    @Override
    public int[] inbound() {
        Admission.Kept it = current();
        return read(
                () ->
                        it.view().inbound(it.number()).stream()
                                .mapToInt(InboundMessage::packetId)
                                .toArray(),
                new int[0],
                "which messages of " + it.clientId() + " wait for PUBREL");
    }

    @Override
    public List<QueuedMessage> messages() {
        List<QueuedMessage> owed = new ArrayList<>();
        while (owed.isEmpty()) {
            List<QueuedMessage> page = page();
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

    private List<QueuedMessage> page() {
        List<QueuedMessage> page = page(from, PAGE_MESSAGES);
        return page != null ? page : pageBehindDamage();
    }

    /** A page; null if something in it is damaged. */
    private @Nullable List<QueuedMessage> page(long first, int most) {
        Admission.Kept it = current();
        try {
            return it.view().queue(it.number(), first, most, PAGE_BYTES);
        } catch (StorageException failure) {
            Damage.only(failure);
            return null;
        }
    }

    /**
     * The next message that can be read, alone. Where it stands is found by trying: first further
     * and further away, then nearer and nearer to what is damaged.
     */
    private List<QueuedMessage> pageBehindDamage() {
        String whose = current().clientId();
        long bad = from;
        long good = bad;
        List<QueuedMessage> found = page(bad, 1);
        for (long step = 1; found == null; step *= 2) {
            if (good == Long.MAX_VALUE) {
                damage.accept("all further messages that wait for " + whose);
                return List.of();
            }
            bad = good;
            good = step <= 0 || Long.MAX_VALUE - bad < step ? Long.MAX_VALUE : bad + step;
            found = page(good, 1);
        }
        if (good == from) {
            return found; // what is damaged comes later
        }
        while (good - bad > 1) {
            long middle = bad + (good - bad) / 2;
            List<QueuedMessage> nearer = page(middle, 1);
            if (nearer == null) {
                bad = middle;
            } else {
                good = middle;
                found = nearer;
            }
        }
        damage.accept("messages that wait for " + whose);
        return found;
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
