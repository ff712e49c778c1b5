package io.busbar.mqtt.broker.route;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are delivered in portions, each publisher's in their order: what a client publishes
 * reaches a subscriber in the order in which it came [MQTT5-4.6.0-6], also when the client has come
 * back on another loop, or left a will. Thread-safe.
 */
final class Routings {
    /** With more on their way, messages are delivered at once: time is cheaper than memory. */
    private static final long MAX_BYTES = 16 << 20;

    private final ConcurrentHashMap<String, ArrayDeque<Routing>> byPublisher =
            new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** Whether a message of the publisher is on its way. */
    boolean hasSome(String clientId) {
        return count.get() > 0 && byPublisher.containsKey(clientId);
    }

    /** Whether there should be no more of them. */
    boolean isFull() {
        return bytes.get() > MAX_BYTES;
    }

    /** One more; whether it is the first of its publisher. */
    boolean enter(Routing routing) {
        count.incrementAndGet();
        bytes.addAndGet(routing.bytes());
        boolean[] first = new boolean[1];
        byPublisher.compute(
                routing.clientId(),
                (id, line) -> {
                    first[0] = line == null;
                    ArrayDeque<Routing> all = line == null ? new ArrayDeque<>(2) : line;
                    all.add(routing);
                    return all;
                });
        return first[0];
    }

    /** The first of its publisher has ended; returns the next one, or null. */
    @Nullable Routing leave(Routing ended) {
        bytes.addAndGet(-ended.bytes());
        ArrayDeque<Routing> line =
                byPublisher.computeIfPresent(
                        ended.clientId(),
                        (id, all) -> {
                            all.remove();
                            return all.isEmpty() ? null : all;
                        });
        count.decrementAndGet();
        return line == null ? null : line.peek();
    }
}
