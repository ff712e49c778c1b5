package io.busbar.mqtt.broker.session;

import io.busbar.api.broker.DropCause;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StoreBatch;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.receipt.Receipt;
import io.busbar.mqtt.broker.store.StoreReader;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the store is concerned with of a session: its number, how much of its queue is in the store
 * and not in memory, writing and reading it. Part of {@link Session}, and the same object, because
 * there may be a million of them. Confined to {@link #loop}, except for methods that say otherwise.
 */
abstract class StoredSession {
    private final String clientId;
    private final long number;
    private final Common common;
    private volatile Loop loop;

    /** Whether the store has it, and with it all that it is owed. */
    private volatile boolean stored;

    private boolean shared;

    /** How much of its queue is in the store and not in memory. */
    private volatile int tailMessages;

    private volatile long tailBytes;

    /** The last sequence number of its queue that was used. */
    private long sequence;

    StoredSession(String clientId, long number, Loop loop, Common common) {
        this.clientId = clientId;
        this.number = number;
        this.loop = loop;
        this.common = common;
        // Nobody has to look for the last one that was used before the server started.
        this.sequence = common.firstNumber(clientId);
    }

    /** Any thread. */
    public String clientId() {
        return clientId;
    }

    /** The loop that owns it; any thread. */
    public Loop loop() {
        return loop;
    }

    void moveOn(Loop target) {
        loop = target;
    }

    long number() {
        return number;
    }

    Common common() {
        return common;
    }

    /** Runs an action on its loop, also if it moves to another while the action is on its way. */
    public void execute(Runnable action) {
        Loop at = loop;
        at.execute(
                () -> {
                    if (loop == at) {
                        action.run();
                    } else {
                        execute(action);
                    }
                });
    }

    /** Runs an action on its loop: now, if this is it. */
    void run(Runnable action) {
        if (loop.inLoop()) {
            action.run();
        } else {
            execute(action);
        }
    }

    /** Its shard in the store. */
    int shard() {
        return common.shards().ownerOf(clientId).shard();
    }

    /** Whether it is kept in the store. */
    public boolean isDurable() {
        return stored;
    }

    /** Whether most of what it is owed is in the store alone. */
    boolean isPaged() {
        return stored && common.paged();
    }

    /** It is kept from now on. */
    void kept() {
        stored = true;
    }

    /** Its batch of the turn. */
    StoreBatch batch() {
        return loop.batch(clientId);
    }

    /** The store forgets it with all that it is owed. */
    void forgetStored() {
        if (stored) {
            stored = false;
            batch().deleteSession(number);
        }
    }

    void owesShared(boolean some) {
        shared |= some;
    }

    /** Whether it may be owed messages of Shared Subscriptions. */
    boolean hasShared() {
        return shared;
    }

    /** Queues a message behind all others, in the store alone. */
    void queue(Routed routed, Qos qos, boolean retain, int[] identifiers, @Nullable String share) {
        owesShared(share != null);
        store(routed, nextSequence(), new Delivery(qos, retain, identifiers, share), 0);
        growTail(1, routed.message().sizeBytes());
        loop.counters().owed++;
    }

    long nextSequence() {
        return ++sequence;
    }

    /**
     * Writes a message of its queue to the store.
     *
     * @param packetId the Packet Identifier that it is sent with now, or 0
     */
    void store(Routed routed, long at, Delivery delivery, int packetId) {
        StoreBatch batch = batch();
        int message = loop.numberOf(batch, routed.message());
        batch.enqueue(number, at, message, delivery, packetId);
        if (routed.source() != null && !loop.isLastAwaiting(routed)) {
            routed.hold();
            loop.await(routed);
        }
        Receipt receipt = routed.receipt();
        if (receipt != null) {
            common.marks().of(loop).delivered(receipt, shard(), number, delivery.share());
        }
    }

    // ---- the tail of its queue

    int tailMessages() {
        return tailMessages;
    }

    long tailBytes() {
        return tailBytes;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void growTail(int messages, long bytes) {
        tailMessages += messages;
        tailBytes += bytes;
    }

    void shrinkTail(int messages, long bytes) {
        growTail(-messages, -bytes);
    }

    /** Messages of the tail are not owed any more. */
    void takenFromTail(int messages, long bytes) {
        shrinkTail(messages, bytes);
        loop.counters().owed -= messages;
    }

    /** Nor is any of it. */
    void forgetTail() {
        takenFromTail(tailMessages, tailBytes);
    }

    /** Drops a message of the tail for others that came later. */
    void dropStored(QueuedMessage oldest) {
        batch().acknowledge(number, oldest.sequence(), false);
        takenFromTail(1, oldest.message().sizeBytes());
        common.drops(loop).add(clientId, DropCause.QUEUE_FULL, 1);
    }

    /** Reads something of it from the store; the answer comes on its loop. */
    <T> void read(Function<ShardView, T> what, StoreReader.Then<T> then) {
        ShardView view = common.shards().ownerOf(clientId).view();
        StoreReader reader = common.reader();
        if (reader == null) {
            readNow(() -> what.apply(view), then);
            return;
        }
        reader.read(
                loop,
                () -> what.apply(view),
                (result, failure) -> run(() -> then.read(result, failure)));
    }

    private static <T> void readNow(Supplier<T> what, StoreReader.Then<T> then) {
        T result;
        try {
            result = what.get();
        } catch (RuntimeException failure) {
            then.read(null, failure);
            return;
        }
        then.read(result, null);
    }

    /** Runs an action on its loop when the store has written all that it could not write. */
    void whenWritten(Runnable action) {
        common.shards().whenWritten(() -> execute(action));
    }
}
