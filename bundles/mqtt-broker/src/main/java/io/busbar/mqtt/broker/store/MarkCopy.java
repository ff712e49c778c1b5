package io.busbar.mqtt.broker.store;

import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.ShardOwner;
import io.busbar.mqtt.broker.loop.Shards;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Copies the marks of messages of QoS 2 whose publishers were not answered, with the numbers that
 * sessions get in the other store. There are no more of them than messages were on their way. How
 * far a publisher's messages were taken over is not copied: marks of those are left out.
 */
final class MarkCopy {
    private final List<Found> found = new ArrayList<>();

    /** Sessions that marks name, and what they are in the other store; null as long as nothing. */
    private final Map<Place, @Nullable Place> sessions = new HashMap<>();

    /** A session in a store. */
    private record Place(int shard, long session) {}

    private record Found(int shard, DeliveryMark mark) {}

    /** Reads the marks of all shards of a store. */
    MarkCopy(List<ShardOwner> sources) {
        for (ShardOwner source : sources) {
            source.view().marks((slot, mark) -> found.add(new Found(source.shard(), mark)));
        }
        found.removeIf(each -> isOver(each.mark, sources));
        for (Found each : found) {
            sessions.put(publisherOf(each.mark), null);
            for (long session : each.mark.sessions()) {
                sessions.put(new Place(each.shard, session), null);
            }
        }
    }

    private static boolean isOver(DeliveryMark mark, List<ShardOwner> sources) {
        int shard = mark.publisherShard();
        return shard >= sources.size()
                || Shards.includes(
                        sources.get(shard).view().received(mark.publisher()), mark.number());
    }

    private static Place publisherOf(DeliveryMark mark) {
        return new Place(mark.publisherShard(), mark.publisher());
    }

    /** A session is copied. */
    void copied(int shard, long session, int toShard, long copy) {
        Place place = new Place(shard, session);
        if (sessions.containsKey(place)) {
            sessions.put(place, new Place(toShard, copy));
        }
    }

    /**
     * Writes the marks; all sessions are copied.
     *
     * @param targets what is filled for a shard of the other store
     */
    void write(Function<Integer, ShardFilling> targets) {
        for (Found each : found) {
            Place publisher = sessions.get(publisherOf(each.mark));
            if (publisher != null) {
                write(each, publisher, targets);
            }
        }
    }

    private void write(Found from, Place publisher, Function<Integer, ShardFilling> targets) {
        // In the other store sessions of one shard may be in several.
        Map<Integer, long[]> served = new HashMap<>();
        for (long session : from.mark.sessions()) {
            Place copy = sessions.get(new Place(from.shard, session));
            if (copy != null) {
                served.merge(copy.shard, new long[] {copy.session}, MarkCopy::concat);
            }
        }
        List<String> shares = from.mark.shares();
        if (!shares.isEmpty()) {
            served.putIfAbsent(publisher.shard, new long[0]);
        }
        for (Map.Entry<Integer, long[]> each : served.entrySet()) {
            ShardFilling target = targets.apply(each.getKey());
            long slot = target.nextNumber();
            target.batch()
                    .mark(
                            slot,
                            new DeliveryMark(
                                    publisher.shard,
                                    publisher.session,
                                    targets.apply(publisher.shard).nextNumber(),
                                    from.mark.packetId(),
                                    from.mark.digest(),
                                    each.getValue(),
                                    shares));
        }
    }

    private static long[] concat(long[] some, long[] more) {
        long[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }
}
