package io.busbar.mqtt.broker.session;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.InboundMessage;
import io.busbar.api.storage.StoreBatch;
import io.busbar.mqtt.broker.loop.Durable;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.receipt.Receipt;
import io.busbar.mqtt.broker.receipt.Served;
import io.busbar.mqtt.broker.receipt.Unanswered;
import io.busbar.mqtt.codec.Publish;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages of QoS 2 that come from the client of a session, MQTT 5.0 section 4.3.3: each once, also
 * if the client sends it again over another connection or to another run of the server. The store
 * gets their Packet Identifiers in the order in which they came, each when everybody has its
 * message. Confined to the session's loop.
 */
public final class Inbound {
    /** So many bytes for identifiers are not worth an effort. */
    private static final int SMALL = 256;

    private final Session session;

    /** Packet Identifiers that wait for PUBREL. */
    private BitSet taken = new BitSet();

    /** How many these are, and how many {@link Footprint#INBOUND_PAGE pages} they are on. */
    private int count;

    private int pages;

    /** What tells the messages of those that the store had from others. */
    private Digests digests = Digests.NONE;

    /** Those that not everybody has yet, or one before them. */
    private final ArrayDeque<Receipt> routing = new ArrayDeque<>(2);

    /** Those that are being stored. */
    private final ArrayDeque<Receipt> storing = new ArrayDeque<>(2);

    private @Nullable Unanswered unanswered;

    Inbound(Session session) {
        this.session = session;
    }

    /** Bytes that it takes, here and in a store in memory, without marks. */
    long bytes() {
        return Footprint.INBOUND
                + taken.size() / 8
                + digests.bytes()
                + (session.common().paged() ? 0L : (long) Footprint.INBOUND_PAGE * pages)
                + (long) Footprint.RECEIPT * (routing.size() + storing.size());
    }

    private void set(int packetId) {
        if (!taken.get(packetId)) {
            pages += isPageEmpty(packetId) ? 1 : 0;
            taken.set(packetId);
            count++;
        }
    }

    private void clear(int packetId) {
        if (taken.get(packetId)) {
            taken.clear(packetId);
            count--;
            pages -= isPageEmpty(packetId) ? 1 : 0;
        }
    }

    private boolean isPageEmpty(int packetId) {
        int page = packetId / Footprint.INBOUND_PLACES;
        int first = taken.nextSetBit(page * Footprint.INBOUND_PLACES);
        return first < 0 || first / Footprint.INBOUND_PLACES != page;
    }

    private void changed(long before) {
        session.hold(bytes() - before);
    }

    /** Whether nothing in it would be lost with it. */
    boolean isEmpty() {
        return count == 0 && isOver();
    }

    /** Whether the store has all of it. */
    boolean isOver() {
        return routing.isEmpty() && storing.isEmpty() && unanswered == null;
    }

    /**
     * Whether a message was taken over and waits for PUBREL, so that it is sent again
     * [MQTT5-4.3.3-10]. Another message with the same identifier is new [MQTT5-4.3.3-9]: its client
     * was told that the one before has failed, and the server ended before the store knew.
     *
     * @param topic the topic that the packet means
     */
    public boolean isSentAgain(Publish packet, TopicName topic) {
        int packetId = packet.packetId();
        if (!taken.get(packetId)) {
            return false;
        }
        int known = digests.of(packetId);
        if (known == 0 || known == Receipt.digest(topic, packet.payload(), packet.retain())) {
            return true;
        }
        release(packetId);
        return false;
    }

    /**
     * A message has come, and is going to be delivered.
     *
     * @param dup whether the client says that it sends it again
     * @param message as it came
     * @return its receipt, for {@link #routed}; null if the session is not kept, and nothing has to
     *     be stored
     */
    public @Nullable Receipt take(int packetId, boolean dup, Message message) {
        long before = bytes();
        set(packetId);
        digests.forget(packetId);
        Receipt receipt = null;
        if (session.isDurable() || unanswered != null) {
            int digest = Receipt.digest(message.topic(), message.payload(), message.retain());
            receipt =
                    new Receipt(
                            session.shard(),
                            session.number(),
                            session.nextSequence(),
                            packetId,
                            digest,
                            served(packetId, dup, digest));
            routing.add(receipt);
        }
        changed(before);
        return receipt;
    }

    private @Nullable Served served(int packetId, boolean dup, int digest) {
        Unanswered known = unanswered;
        if (known == null) {
            return null;
        }
        Served served = dup ? known.served(packetId, digest) : null;
        if (served == null) {
            forgetMarks(packetId);
        }
        return served;
    }

    /**
     * Everybody has a message, or it has failed. It is stored after all that came before it.
     *
     * @param waiter is told when it is stored, or at once if it has failed
     */
    public void routed(Receipt receipt, Durable waiter, @Nullable Throwable failure) {
        long before = bytes();
        receipt.await(waiter);
        receipt.routed(failure);
        if (failure != null) {
            clear(receipt.packetId());
            receipt.end(failure);
        }
        for (Receipt first; (first = routing.peek()) != null && first.isRouted(); ) {
            routing.poll();
            store(first);
        }
        changed(before);
        session.lightenInbound();
    }

    private void store(Receipt receipt) {
        if (!session.isDurable()) {
            forgetMarks(receipt.packetId());
            receipt.end(receipt.failure());
            return;
        }
        StoreBatch batch = session.batch();
        batch.received(session.number(), receipt.number());
        if (receipt.isOver()) {
            return;
        }
        if (taken.get(receipt.packetId())) {
            batch.inbound(
                    session.number(), new InboundMessage(receipt.packetId(), receipt.digest()));
        }
        storing.add(receipt);
        session.loop().await(failure -> session.run(() -> stored(receipt, failure)));
    }

    private void stored(Receipt receipt, @Nullable Throwable failure) {
        long before = bytes();
        storing.remove(receipt);
        changed(before);
        if (failure == null) {
            forgetMarks(receipt.packetId());
        } else {
            // Not taken over after all: when the client sends it again, it is not a duplicate.
            release(receipt.packetId());
        }
        receipt.end(failure);
        session.lightenInbound();
    }

    /** Tells the waiter when a message that has come before is stored; false if it is already. */
    public boolean await(int packetId, Durable waiter) {
        Receipt found = find(routing, packetId);
        if (found == null) {
            found = find(storing, packetId);
        }
        if (found != null) {
            found.awaitAgain(waiter);
        }
        return found != null;
    }

    private static @Nullable Receipt find(ArrayDeque<Receipt> some, int packetId) {
        for (Iterator<Receipt> latest = some.descendingIterator(); latest.hasNext(); ) {
            Receipt each = latest.next();
            if (each.packetId() == packetId && !each.isOver()) {
                return each;
            }
        }
        return null;
    }

    /** PUBREL came; false if nothing waited for it, as far as is known. */
    public boolean release(int packetId) {
        if (!taken.get(packetId)) {
            return false;
        }
        long before = bytes();
        clear(packetId);
        if (count == 0 && taken.size() / 8 > SMALL) {
            taken = new BitSet();
        }
        changed(before);
        if (session.isDurable()) {
            session.batch().releaseInbound(session.number(), packetId);
        }
        return true;
    }

    // ---- what the store has

    /** The store has these, which wait for PUBREL. */
    void restore(List<InboundMessage> messages) {
        messages.forEach(each -> set(each.packetId()));
        digests = new Digests(messages);
    }

    /** A shard has a message whose publisher was not answered before the server ended. */
    void restore(int shard, long slot, DeliveryMark mark) {
        Unanswered known = unanswered;
        int before = known == null ? 0 : known.bytes();
        if (known == null) {
            known = new Unanswered();
            unanswered = known;
        }
        known.add(shard, slot, mark);
        session.hold(known.bytes() - before);
    }

    /** The exchange with this identifier is over, or another one has begun. */
    public void forgetMarks(int packetId) {
        Unanswered known = unanswered;
        if (known != null) {
            int before = known.bytes();
            known.forget(packetId, session.loop());
            if (known.isEmpty()) {
                unanswered = null;
            }
            session.hold((unanswered == null ? 0 : known.bytes()) - before);
        }
    }

    /** The session has ended. */
    void end() {
        Unanswered known = unanswered;
        if (known != null) {
            known.forgetAll(session.loop());
            unanswered = null;
        }
    }
}
