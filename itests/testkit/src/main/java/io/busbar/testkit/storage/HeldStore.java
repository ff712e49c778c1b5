package io.busbar.testkit.storage;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A broker store whose commits a test controls: they become durable, fail, or are lost as in a
 * crash when the test says so. It wraps any other store. Confined to the thread of the test.
 */
public final class HeldStore implements BrokerStore {
    private final BrokerStore inner;
    private final boolean visibleAtOnce;
    private final int mostHeld;
    private final Deque<Commit> commits = new ArrayDeque<>();
    private final Deque<Commit> kept = new ArrayDeque<>();
    private final List<Runnable> whenWritable = new ArrayList<>();
    private final Map<Integer, ShardView> views = new HashMap<>();
    private boolean holding;
    private boolean catchingUp;
    private @Nullable StorageException trouble;
    private @Nullable StorageException warning;
    private boolean broken;
    private boolean unreadable;
    private boolean owned;
    private Runnable beforeHeads = () -> {};
    private int reads;
    private int changes;

    private record Commit(
            ShardOwner owner,
            StoreBatch batch,
            Durability durability,
            CompletableFuture<Void> done) {
        void reach() {
            owner.commit(batch, durability);
        }
    }

    private HeldStore(BrokerStore inner, boolean visibleAtOnce, int mostHeld) {
        this.inner = inner;
        this.visibleAtOnce = visibleAtOnce;
        this.mostHeld = mostHeld;
    }

    /**
     * What is held can be read already, as in any real store.
     *
     * @param mostHeld with so many held commits it is not writable
     */
    public static HeldStore visible(BrokerStore inner, int mostHeld) {
        return new HeldStore(inner, true, mostHeld);
    }

    /** What is held has not reached the other store, so that it can be lost; always writable. */
    public static HeldStore losing(BrokerStore inner) {
        return losing(inner, Integer.MAX_VALUE);
    }

    /**
     * What is held has not reached the other store, so that it can be lost.
     *
     * @param mostHeld with so many held commits it is not writable
     */
    public static HeldStore losing(BrokerStore inner, int mostHeld) {
        return new HeldStore(inner, false, mostHeld);
    }

    // ---- what a test does

    /** Whether commits from now on wait for {@link #release}; to begin with they do not. */
    public void hold(boolean now) {
        holding = now;
    }

    /** With the next commit, all that wait are durable, and it is so when the call returns. */
    public void catchUpWithNext() {
        catchingUp = true;
    }

    /** How many commits wait. */
    public int held() {
        return commits.size();
    }

    /** The oldest that waits is durable now; false if none waits. */
    public boolean release() {
        Commit oldest = commits.poll();
        if (oldest != null) {
            if (!visibleAtOnce) {
                oldest.reach();
            }
            oldest.done().complete(null);
        }
        tellWritable();
        return oldest != null;
    }

    private void tellWritable() {
        if (isWritable() && !whenWritable.isEmpty()) {
            List<Runnable> actions = List.copyOf(whenWritable);
            whenWritable.clear();
            actions.forEach(Runnable::run);
        }
    }

    /**
     * The oldest that waits cannot be written, and nothing that follows, until {@link #recover}.
     */
    public void fail(StorageException failure) {
        trouble = failure;
        for (Commit commit; (commit = commits.poll()) != null; ) {
            kept.add(commit);
            commit.done().completeExceptionally(failure);
        }
    }

    /**
     * There is trouble from now on, or none any more; what is committed is written nevertheless.
     */
    public void warn(@Nullable StorageException why) {
        warning = why;
        tellWritable();
    }

    /** The oldest that could not be written is written; what follows is not yet. */
    public void writeOne() {
        Commit oldest = kept.remove();
        if (!visibleAtOnce) {
            oldest.reach();
        }
    }

    /** What could not be written is written. */
    public void recover() {
        trouble = null;
        for (Commit commit; (commit = kept.poll()) != null; ) {
            if (!visibleAtOnce) {
                commit.reach();
            }
        }
        tellWritable();
    }

    /** The server has ended before what waits was durable: it is lost, and nothing is held. */
    public void crash() {
        commits.clear();
        kept.clear();
        trouble = null;
        holding = false;
    }

    /** Whether everything that is to be written fails at once. */
    public void broken(boolean now) {
        broken = now;
    }

    /** Whether whatever is read fails. */
    public void unreadable(boolean now) {
        unreadable = now;
    }

    /** Whether somebody else has its shards. */
    public void owned(boolean now) {
        owned = now;
    }

    /** Is run before the heads of Retained Messages are read, on the thread that reads them. */
    public void beforeHeads(Runnable action) {
        beforeHeads = action;
    }

    /** How many times something was read, or was to be read. */
    public int reads() {
        return reads;
    }

    /** How many changes were handed over in all commits. */
    public int changes() {
        return changes;
    }

    private ShardView counted(ShardView view) {
        return (ShardView)
                Proxy.newProxyInstance(
                        ShardView.class.getClassLoader(),
                        new Class<?>[] {ShardView.class},
                        (proxy, method, arguments) -> {
                            reads++;
                            if (unreadable) {
                                throw new StorageException("the disk is gone");
                            }
                            try {
                                return method.invoke(view, arguments);
                            } catch (InvocationTargetException thrown) {
                                throw thrown.getCause();
                            }
                        });
    }

    private boolean isWritable() {
        return trouble == null && warning == null && commits.size() < mostHeld;
    }

    /** How many sessions it keeps. */
    public int sessions() {
        int[] count = new int[1];
        views.values().forEach(view -> view.sessions(session -> count[0]++));
        return count[0];
    }

    // ---- the store

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public Durability strongest() {
        return Durability.SAFE;
    }

    @Override
    public int shards() {
        return inner.shards();
    }

    @Override
    public int shardOf(String name) {
        return inner.shardOf(name);
    }

    @Override
    public CompletionStage<ShardOwner> own(int shard) {
        return owned
                ? CompletableFuture.failedFuture(new StorageException("somebody else has it"))
                : inner.own(shard).thenApply(Owner::new);
    }

    @Override
    public RetainedView retained() {
        RetainedView view = inner.retained();
        return new RetainedView() {
            @Override
            public Optional<Message> get(TopicName topic) {
                read();
                return view.get(topic);
            }

            @Override
            public Scan scan() {
                read();
                return view.scan();
            }

            @Override
            public void heads(HeadVisitor visitor) {
                read();
                beforeHeads.run();
                view.heads(visitor);
            }
        };
    }

    private void read() {
        reads++;
        if (unreadable) {
            throw new StorageException("the disk cannot be read");
        }
    }

    @Override
    public boolean readsAtOnce() {
        return inner.readsAtOnce();
    }

    private final class Owner implements ShardOwner {
        private final ShardOwner inner;

        Owner(ShardOwner inner) {
            this.inner = inner;
            views.put(inner.shard(), inner.view());
        }

        @Override
        public int shard() {
            return inner.shard();
        }

        @Override
        public long epoch() {
            return inner.epoch();
        }

        @Override
        public boolean isFenced() {
            return inner.isFenced();
        }

        @Override
        public StoreBatch newBatch() {
            if (broken) {
                throw new StorageException("the disk is gone");
            }
            return inner.newBatch();
        }

        @Override
        public CompletionStage<Void> commit(StoreBatch batch, Durability durability) {
            changes += batch.size();
            StorageException failure = trouble;
            if (failure != null) {
                kept.add(new Commit(inner, batch, durability, new CompletableFuture<>()));
                if (visibleAtOnce) {
                    kept.getLast().reach();
                }
                return CompletableFuture.failedFuture(failure);
            }
            if (catchingUp) {
                catchingUp = false;
                holding = false;
                while (release()) {
                    // The next one.
                }
            }
            if (!holding && commits.isEmpty()) {
                return inner.commit(batch, durability);
            }
            Commit commit = new Commit(inner, batch, durability, new CompletableFuture<>());
            if (visibleAtOnce) {
                commit.reach();
            }
            commits.add(commit);
            return commit.done();
        }

        @Override
        public @Nullable StorageException trouble() {
            return trouble == null ? warning : trouble;
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
            return counted(inner.view());
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
