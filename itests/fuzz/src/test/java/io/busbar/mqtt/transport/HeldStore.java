package io.busbar.mqtt.transport;

import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StoreBatch;
import io.busbar.storage.memory.MemoryStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A store in heap that says when something is durable only when it is told to. */
final class HeldStore implements BrokerStore {
    private static final int MOST_WAITING = 4;

    private final BrokerStore inner = new MemoryStore();
    private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private final List<Runnable> whenWritable = new ArrayList<>();
    private @Nullable ShardView view;
    private boolean held;

    /** Whether what is written from now on has to wait for {@link #release}. */
    void hold(boolean now) {
        held = now;
    }

    /** The oldest that waits is durable now; false if nothing waited. */
    boolean release() {
        CompletableFuture<Void> first = waiting.poll();
        if (first != null) {
            first.complete(null);
        }
        if (isWritable() && !whenWritable.isEmpty()) {
            List<Runnable> actions = List.copyOf(whenWritable);
            whenWritable.clear();
            actions.forEach(Runnable::run);
        }
        return first != null;
    }

    private boolean isWritable() {
        return waiting.size() < MOST_WAITING;
    }

    /** How many sessions it keeps. */
    int sessions() {
        return view == null ? 0 : view.sessions().size();
    }

    @Override
    public String name() {
        return "held";
    }

    @Override
    public Durability strongest() {
        return Durability.SAFE;
    }

    @Override
    public int shards() {
        return 1;
    }

    @Override
    public int shardOf(String clientId) {
        return 0;
    }

    @Override
    public CompletionStage<ShardOwner> own(int shard) {
        return inner.own(shard).thenApply(Owner::new);
    }

    @Override
    public RetainedView retained() {
        return inner.retained();
    }

    private final class Owner implements ShardOwner {
        private final ShardOwner owner;

        Owner(ShardOwner owner) {
            this.owner = owner;
            view = owner.view();
        }

        @Override
        public int shard() {
            return 0;
        }

        @Override
        public long epoch() {
            return owner.epoch();
        }

        @Override
        public boolean isFenced() {
            return owner.isFenced();
        }

        @Override
        public StoreBatch newBatch() {
            return owner.newBatch();
        }

        @Override
        public CompletionStage<Void> commit(StoreBatch batch, Durability durability) {
            CompletionStage<Void> done = owner.commit(batch, durability);
            if (!held && waiting.isEmpty()) {
                return done;
            }
            CompletableFuture<Void> later = new CompletableFuture<>();
            waiting.add(later);
            return later;
        }

        @Override
        public boolean isWritable() {
            return HeldStore.this.isWritable();
        }

        @Override
        public void onWritable(Runnable action) {
            if (isWritable()) {
                action.run();
            } else {
                whenWritable.add(action);
            }
        }

        @Override
        public ShardView view() {
            return owner.view();
        }

        @Override
        public void close() {
            owner.close();
        }
    }
}
