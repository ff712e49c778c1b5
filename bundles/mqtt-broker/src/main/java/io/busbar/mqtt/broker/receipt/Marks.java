package io.busbar.mqtt.broker.receipt;

import io.busbar.api.storage.DeliveryMark;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.memory.Footprint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the marks of a loop: one for each message of QoS 2 and each shard that a turn stores
 * deliveries of it in, in the batch of these deliveries. What loops and portions of a message write
 * stands side by side. A mark is not deleted: once its message is taken over, the next one
 * overwrites it, so there are no more than there were messages on their way. Confined to the loop.
 */
public final class Marks {
    /** Bits of a slot below the number of the loop. */
    private static final int PLACE_BITS = 24;

    private static final int LOOP_BITS = 16;

    private final Loop loop;

    /** Those that are in the store, in the order in which they were written. */
    private final ArrayDeque<Mark> used = new ArrayDeque<>();

    /** Those of this turn. */
    private final List<Mark> gathered = new ArrayList<>();

    private @Nullable BitSet[] places = new BitSet[0];

    /** What a turn has stored of a message in a shard. */
    private static final class Mark {
        private static final long[] NONE = {};

        final Receipt receipt;
        final int shard;
        int place;
        long[] sessions = new long[4];
        int count;
        List<String> shares = List.of();

        Mark(Receipt receipt, int shard) {
            this.receipt = receipt;
            this.shard = shard;
        }

        void add(long session) {
            if (count == sessions.length) {
                sessions = Arrays.copyOf(sessions, count * 2);
            }
            sessions[count++] = session;
        }

        void add(String share) {
            if (shares.isEmpty()) {
                shares = new ArrayList<>(1);
            }
            shares.add(share);
        }

        DeliveryMark toRecord() {
            return new DeliveryMark(
                    receipt.shard(),
                    receipt.session(),
                    receipt.number(),
                    receipt.packetId(),
                    receipt.digest(),
                    Arrays.copyOf(sessions, count),
                    shares);
        }

        /** Nothing but its slot and its message is needed any more. */
        void written() {
            sessions = NONE;
            shares = List.of();
        }
    }

    /** Makes those of a loop. */
    public Marks(Loop loop) {
        this.loop = loop;
        loop.atTurnEnd(this::write);
        loop.atNextTick(this::look);
    }

    /**
     * A message was put into the queue of a session, in this turn's batch.
     *
     * @param shard the shard of the session
     * @param share the Shared Subscription that brought it, or null
     */
    public void delivered(Receipt receipt, int shard, long session, @Nullable String share) {
        if (receipt.isOver()) {
            return;
        }
        Mark mark = markOf(receipt, shard);
        if (share == null) {
            mark.add(session);
        } else {
            mark.add(share);
        }
    }

    private Mark markOf(Receipt receipt, int shard) {
        for (int i = gathered.size() - 1; i >= 0; i--) {
            Mark mark = gathered.get(i);
            if (mark.receipt != receipt) {
                break; // A message is delivered to one after the other.
            }
            if (mark.shard == shard) {
                return mark;
            }
        }
        Mark mark = new Mark(receipt, shard);
        gathered.add(mark);
        return mark;
    }

    private void write() {
        if (gathered.isEmpty()) {
            return;
        }
        sweep();
        try {
            for (int i = 0; i < gathered.size(); i++) {
                write(gathered.get(i));
            }
        } finally {
            gathered.clear();
        }
    }

    private void write(Mark mark) {
        BitSet taken = placesOf(mark.shard);
        mark.place = taken.nextClearBit(0);
        loop.batchOf(mark.shard).mark(slot(mark), mark.toRecord());
        taken.set(mark.place);
        loop.queues().add(Footprint.RECEIPT);
        mark.written();
        used.add(mark);
    }

    /** No owner of the shard before this one, and no other loop, has the same. */
    private long slot(Mark mark) {
        long number = loop.slot() & (1 << LOOP_BITS) - 1;
        return loop.firstNumber(mark.shard) + (number << PLACE_BITS) + mark.place;
    }

    private BitSet placesOf(int shard) {
        if (shard >= places.length) {
            places = Arrays.copyOf(places, shard + 1);
        }
        BitSet known = places[shard];
        if (known == null) {
            known = new BitSet();
            places[shard] = known;
        }
        return known;
    }

    /** Places of messages that are taken over are free; the first ones, up to one that is not. */
    private void sweep() {
        for (Mark first; (first = used.peek()) != null && isFree(first); ) {
            used.poll();
        }
    }

    private boolean isFree(Mark mark) {
        if (!mark.receipt.isOver()) {
            return false;
        }
        loop.queues().add(-Footprint.RECEIPT);
        placesOf(mark.shard).clear(mark.place);
        return true;
    }

    /**
     * Also those behind one that takes long are free. And where nothing comes any more nothing is
     * kept either.
     */
    private void look() {
        used.removeIf(this::isFree);
        loop.atNextTick(this::look);
    }
}
