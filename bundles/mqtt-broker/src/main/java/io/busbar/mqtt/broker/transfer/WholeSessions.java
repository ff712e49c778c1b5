package io.busbar.mqtt.broker.transfer;

import io.busbar.api.storage.Durability;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import io.busbar.mqtt.broker.session.Admission;
import io.busbar.mqtt.broker.store.ShardFilling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sessions from elsewhere that are whole: they are written together, with one commit for each
 * shard, and then go to their places. Each is in one batch, so a start after a crash finds all of
 * it or nothing. Confined to one thread.
 */
final class WholeSessions {
    /** So many sessions, or bytes of them, are written together. */
    private static final int MOST_SESSIONS = 1_000;

    private static final long MOST_BYTES = 1 << 20;

    private final Consumer<Arriving> written;
    private final List<Waiting> waiting = new ArrayList<>();
    private final Set<String> clientIds = new HashSet<>();
    private long bytes;

    /** A session, and who is told that it is there. */
    private record Waiting(Arriving session, Runnable there) {}

    /** What is written to a shard. */
    private static final class Part {
        final List<Waiting> sessions = new ArrayList<>();
        final QueueBatch messages = new QueueBatch();
        final ShardOwner owner;
        final StoreBatch batch;
        @Nullable CompletionStage<Void> commit;

        Part(ShardOwner owner) {
            this.owner = owner;
            this.batch = owner.newBatch();
        }

        void add(Waiting it) {
            sessions.add(it);
            it.session.writeTo(batch, messages);
        }

        void commit() {
            messages.writeTo(batch);
            commit = owner.commit(batch, Durability.SAFE);
        }

        /** Waits until it is durable; false if it was not handed over. */
        boolean await() {
            CompletionStage<Void> begun = commit;
            if (begun == null) {
                return false;
            }
            ShardFilling.await(begun);
            return true;
        }
    }

    /**
     * Makes none.
     *
     * @param written is told of each that the store has, before it goes to its place
     */
    WholeSessions(Consumer<Arriving> written) {
        this.written = written;
    }

    int size() {
        return waiting.size();
    }

    boolean has(String clientId) {
        return clientIds.contains(clientId);
    }

    void add(Arriving session, Runnable there) {
        waiting.add(new Waiting(session, there));
        clientIds.add(session.clientId());
        bytes += session.bytes();
    }

    /** Whether so many wait that they should be written. */
    boolean isFull() {
        return waiting.size() >= MOST_SESSIONS || bytes >= MOST_BYTES;
    }

    /**
     * Writes all of them, and waits until they are in their places.
     *
     * @throws StorageException if one is not; the others are nevertheless
     */
    void settle() {
        if (waiting.isEmpty()) {
            return;
        }
        List<Waiting> all = List.copyOf(waiting);
        forget();
        Failure failure = new Failure();
        try {
            enter(write(all, failure), failure);
        } finally {
            all.forEach(each -> each.session.letGo());
        }
        failure.rethrow();
    }

    /** The first that went wrong. */
    private static final class Failure {
        private @Nullable StorageException first;

        void tryTo(Runnable action) {
            try {
                action.run();
            } catch (StorageException failure) {
                if (first == null) {
                    first = failure;
                }
            }
        }

        void rethrow() {
            StorageException known = first;
            if (known != null) {
                throw known;
            }
        }
    }

    /** Returns those that are durable; the store removes the others, if it has some of them. */
    private static Set<Waiting> write(List<Waiting> all, Failure failure) {
        Map<ShardOwner, Part> parts = new IdentityHashMap<>();
        failure.tryTo(
                () -> {
                    for (Waiting each : all) {
                        parts.computeIfAbsent(each.session.owner(), Part::new).add(each);
                    }
                    parts.values().forEach(Part::commit);
                });
        Set<Waiting> durable = new LinkedHashSet<>();
        for (Part part : parts.values()) {
            failure.tryTo(
                    () -> {
                        if (part.await()) {
                            durable.addAll(part.sessions);
                        }
                    });
        }
        for (Waiting each : all) {
            if (!durable.contains(each)) {
                each.session.remove();
            }
        }
        return durable;
    }

    private void enter(Set<Waiting> durable, Failure failure) {
        Map<Waiting, Admission.Entry> entries = new LinkedHashMap<>();
        for (Waiting each : durable) {
            failure.tryTo(
                    () -> {
                        written.accept(each.session);
                        entries.put(each, each.session.enter());
                    });
        }
        entries.forEach(
                (each, entry) ->
                        failure.tryTo(
                                () -> {
                                    entry.await();
                                    each.there.run();
                                }));
    }

    /** Gives up those that are not written. */
    void close() {
        List<Waiting> all = List.copyOf(waiting);
        forget();
        for (Waiting each : all) {
            if (each.session.isLarge()) {
                each.session.remove();
            }
            each.session.letGo();
        }
    }

    private void forget() {
        waiting.clear();
        clientIds.clear();
        bytes = 0;
    }
}
