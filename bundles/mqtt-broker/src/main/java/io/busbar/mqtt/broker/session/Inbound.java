package io.busbar.mqtt.broker.session;

import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.StoreBatch;
import io.busbar.mqtt.broker.loop.Durable;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.receipt.Receipt;
import io.busbar.mqtt.broker.receipt.Served;
import io.busbar.mqtt.broker.receipt.Unanswered;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Iterator;
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

    /** Those that not everybody has yet, or one before them. */
    private final ArrayDeque<Receipt> routing = new ArrayDeque<>();

    /** Those that are being stored. */
    private final ArrayDeque<Receipt> storing = new ArrayDeque<>();

    private @Nullable Unanswered unanswered;

    Inbound(Session session) {
        this.session = session;
    }

    /** Bytes that it takes; identifiers take a bit each, here and in a store in memory. */
    long bytes() {
        return taken.size() / 4 + (long) Footprint.RECEIPT * (routing.size() + storing.size());
    }

    private void changed(long before) {
        session.holdForConnection(bytes() - before);
    }

    /** Whether nothing in it would be lost with it. */
    boolean isEmpty() {
        return taken.isEmpty() && isOver();
    }

    /** Whether the store has all of it. */
    boolean isOver() {
        return routing.isEmpty() && storing.isEmpty() && unanswered == null;
    }

    /** Whether a message with this identifier was taken over and waits for PUBREL. */
    public boolean isTaken(int packetId) {
        return taken.get(packetId);
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
        taken.set(packetId);
        Receipt receipt = null;
        if (session.isDurable() || unanswered != null) {
            int digest = Receipt.digest(message);
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
        receipt.await(waiter);
        receipt.routed(failure);
        if (failure != null) {
            taken.clear(receipt.packetId());
            receipt.end(failure);
        }
        long before = bytes();
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
            batch.inbound(session.number(), receipt.packetId());
        }
        storing.add(receipt);
        session.loop().await(failure -> session.run(() -> stored(receipt, failure)));
    }

    private void stored(Receipt receipt, @Nullable Throwable failure) {
        long before = bytes();
        storing.remove(receipt);
        if (failure == null) {
            forgetMarks(receipt.packetId());
        } else {
            // Not taken over after all: when the client sends it again, it is not a duplicate.
            release(receipt.packetId());
        }
        changed(before);
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
        taken.clear(packetId);
        if (taken.isEmpty() && taken.size() / 4 > SMALL) {
            taken = new BitSet();
        }
        changed(before);
        if (session.isDurable()) {
            session.batch().releaseInbound(session.number(), packetId);
        }
        return true;
    }

    // ---- what the store has

    /** The store has an identifier that waits for PUBREL. */
    void restore(int packetId) {
        taken.set(packetId);
    }

    /** A shard has a message whose publisher was not answered before the server ended. */
    void restore(int shard, long slot, DeliveryMark mark) {
        Unanswered known = unanswered;
        if (known == null) {
            known = new Unanswered();
            unanswered = known;
        }
        int before = known.bytes();
        known.add(shard, slot, mark);
        session.hold(known.bytes() - before);
    }

    /** The exchange with this identifier is over, or another one has begun. */
    public void forgetMarks(int packetId) {
        Unanswered known = unanswered;
        if (known != null) {
            int before = known.bytes();
            known.forget(packetId, session.loop());
            session.hold(known.bytes() - before);
            if (known.isEmpty()) {
                unanswered = null;
            }
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
