package io.busbar.mqtt.broker.store;

import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.InboundMessage;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.broker.loop.Shards;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Copies all that one broker store has into another one, which is emptied first. Nobody else may
 * use either of them meanwhile: the shards of both are taken. Memory is bounded, however much is
 * copied. Blocks until all is durable.
 *
 * <p>Sessions and queued messages get numbers that the other store has never used, in the order of
 * the old ones. A broker that takes the store afterwards continues above them.
 */
public final class StoreCopy {
    private static final int PAGE_MESSAGES = 256;
    private static final int PAGE_BYTES = 1 << 20;

    private final BrokerStore from;
    private final BrokerStore to;
    private final Map<ShardOwner, ShardFilling> fillings = new HashMap<>();

    private long sessions;
    private long messages;
    private long retained;

    private StoreCopy(BrokerStore from, BrokerStore to) {
        this.from = from;
        this.to = to;
    }

    /**
     * What was copied.
     *
     * @param sessions sessions, each with its subscriptions
     * @param messages messages that are queued for them
     * @param retained Retained Messages
     */
    public record Copied(long sessions, long messages, long retained) {}

    /**
     * Copies everything.
     *
     * @throws StorageException if a store cannot be owned, read or written. Then {@code from} is as
     *     it was, and {@code to} has only a part
     */
    public static Copied run(BrokerStore from, BrokerStore to) {
        return new StoreCopy(from, to).run();
    }

    /**
     * Removes everything that a store has.
     *
     * @throws StorageException if it cannot be owned, read or written
     */
    public static void clear(BrokerStore store) {
        try (Shards targets = Shards.own(store)) {
            new StoreCopy(store, store).clear(targets);
        }
    }

    private Copied run() {
        try (Shards sources = Shards.own(from);
                Shards targets = Shards.own(to)) {
            clear(targets);
            MarkCopy marks = new MarkCopy(sources.owners());
            for (ShardOwner source : sources.owners()) {
                for (long number : numbersOf(source.view())) {
                    copySession(source, number, targets, marks);
                }
            }
            marks.write(shard -> filling(targets.owners().get(shard)));
            copyRetained(targets);
            fillings.values().forEach(ShardFilling::commit);
        }
        return new Copied(sessions, messages, retained);
    }

    private static long[] numbersOf(ShardView view) {
        LongStream.Builder numbers = LongStream.builder();
        view.sessions(record -> numbers.add(record.session()));
        return numbers.build().toArray();
    }

    private static long[] slotsOf(ShardView view) {
        LongStream.Builder slots = LongStream.builder();
        view.marks((slot, mark) -> slots.add(slot));
        return slots.build().toArray();
    }

    private void clear(Shards targets) {
        for (ShardOwner target : targets.owners()) {
            for (long number : numbersOf(target.view())) {
                filling(target).batch().deleteSession(number);
            }
            for (long slot : slotsOf(target.view())) {
                filling(target).batch().deleteMark(slot);
            }
        }
        try (RetainedView.Scan scan = to.retained().scan()) {
            while (scan.next()) {
                TopicName topic = scan.key().topic();
                filling(targets.ownerOf(topic.value())).batch().deleteRetained(topic);
            }
        }
        fillings.values().forEach(ShardFilling::commit);
    }

    private void copySession(ShardOwner source, long number, Shards targets, MarkCopy marks) {
        ShardView view = source.view();
        SessionRecord record = view.session(number).orElse(null);
        if (record == null) {
            return;
        }
        ShardOwner owner = targets.ownerOf(record.clientId());
        ShardFilling target = filling(owner);
        long copy = target.nextNumber();
        marks.copied(source.shard(), number, owner.shard(), copy);
        target.batch().putSession(record.withSession(copy));
        for (SubscriptionRecord subscription : view.subscriptions(number)) {
            target.batch().putSubscription(copy, subscription);
        }
        for (InboundMessage message : view.inbound(number)) {
            target.batch().inbound(copy, message);
        }
        List<QueuedMessage> page = view.queue(number, 0, PAGE_MESSAGES, PAGE_BYTES);
        while (!page.isEmpty()) {
            for (QueuedMessage queued : page) {
                copyMessage(target, copy, queued);
            }
            target.commit(); // a page is a megabyte
            long after = page.get(page.size() - 1).sequence() + 1;
            page = view.queue(number, after, PAGE_MESSAGES, PAGE_BYTES);
        }
        sessions++;
    }

    private void copyMessage(ShardFilling target, long session, QueuedMessage queued) {
        StoreBatch batch = target.batch();
        int packetId = queued.packetId();
        long sequence = target.nextNumber();
        int body = batch.message(queued.message());
        batch.enqueue(session, sequence, body, queued.delivery(), packetId);
        if (queued.state() == OutboundState.RELEASED) {
            batch.outbound(session, sequence, packetId, OutboundState.RELEASED);
        }
        messages++;
    }

    private void copyRetained(Shards targets) {
        try (RetainedView.Scan scan = from.retained().scan()) {
            while (scan.next()) {
                ShardFilling target = filling(targets.ownerOf(scan.key().toString()));
                StoreBatch batch = target.batch();
                batch.retain(batch.message(scan.message()));
                target.add(scan.message().sizeBytes());
                retained++;
            }
        }
    }

    /** What is filled for a shard of the other store, with room for more. */
    private ShardFilling filling(ShardOwner target) {
        ShardFilling filling = fillings.computeIfAbsent(target, ShardFilling::new);
        filling.commitIfFull();
        return filling;
    }
}
