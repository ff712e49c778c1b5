package io.busbar.mqtt.broker.receipt;

import io.busbar.api.storage.DeliveryMark;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.memory.Footprint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a session that somebody had when the server ended, and whose publisher was not
 * answered: it may send them again. Each stays until it is taken over, or its Packet Identifier is
 * used for another one. Confined to the loop of the session.
 */
public final class Unanswered {
    private final Map<Integer, List<Kept>> byPacketId = new HashMap<>();
    private int bytes = Footprint.MARKS;

    private record Kept(int shard, long slot, DeliveryMark mark) {}

    /** Adds what a shard has of one of them. */
    public void add(int shard, long slot, DeliveryMark mark) {
        byPacketId
                .computeIfAbsent(mark.packetId(), none -> new ArrayList<>(1))
                .add(new Kept(shard, slot, inOrder(mark)));
        bytes += sizeOf(mark);
    }

    private static DeliveryMark inOrder(DeliveryMark mark) {
        long[] sessions = mark.sessions().clone();
        Arrays.sort(sessions);
        return new DeliveryMark(
                mark.publisherShard(),
                mark.publisher(),
                mark.number(),
                mark.packetId(),
                mark.digest(),
                sessions,
                List.copyOf(mark.shares()));
    }

    private static int sizeOf(DeliveryMark mark) {
        int size = Footprint.MARK + 8 * mark.sessions().length;
        for (String share : mark.shares()) {
            size += Footprint.name(share);
        }
        return size;
    }

    public boolean isEmpty() {
        return byPacketId.isEmpty();
    }

    /** Bytes that it takes. */
    public int bytes() {
        return bytes;
    }

    /** Who has the message that is sent again with a Packet Identifier; null if nobody has. */
    public @Nullable Served served(int packetId, int digest) {
        Served served = null;
        for (Kept each : byPacketId.getOrDefault(packetId, List.of())) {
            if (each.mark.digest() == digest) {
                served = served == null ? new Served() : served;
                served.add(each.shard, each.mark);
            }
        }
        return served;
    }

    /** The message with this Packet Identifier is taken over, or another one has come with it. */
    public void forget(int packetId, Loop loop) {
        List<Kept> kept = byPacketId.remove(packetId);
        if (kept != null) {
            forget(kept, loop);
        }
    }

    /** The session has ended. */
    public void forgetAll(Loop loop) {
        byPacketId.values().forEach(kept -> forget(kept, loop));
        byPacketId.clear();
    }

    private void forget(List<Kept> kept, Loop loop) {
        for (Kept each : kept) {
            bytes -= sizeOf(each.mark);
            loop.batchOf(each.shard).deleteMark(each.slot);
        }
    }
}
