package io.busbar.storage.rocksdb;

import io.busbar.api.health.Finding;
import io.busbar.api.health.spi.HealthCheck;
import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StorageException;
import io.busbar.storage.rocksdb.record.Values;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The broker's state in one RocksDB for all shards. Thread-safe.
 *
 * <p>Shards are a part of each key. Their number is decided when the store is made.
 */
final class RocksStore implements BrokerStore, HealthCheck, AutoCloseable {
    private static final int HASH_START = 0x811C_9DC5;
    private static final int HASH_FACTOR = 0x0100_0193;

    private final Settings settings;
    private final Database database;
    private final SpaceGuard guard;
    private final Committer committer;
    private final Care care;
    private final RocksRetained retained;
    private final int shards;
    private final @Nullable RocksOwner[] owners;
    private boolean closed;

    /**
     * Opens a store, or makes one.
     *
     * @throws StorageException if it cannot be opened; the message says what to do
     */
    static RocksStore open(Settings settings) {
        Opening.Opened opened = Opening.open(settings);
        try {
            return new RocksStore(
                    settings, opened.database(), opened.shards(), opened.database(), Disk.REAL);
        } catch (RocksDBException e) {
            opened.database().close();
            throw Failures.of("cannot be opened", settings.folder(), e);
        }
    }

    /**
     * Serves an open database.
     *
     * @param log where commits are written: the database, or something before it
     */
    RocksStore(Settings settings, Database database, int shards, Log log, Disk disk)
            throws RocksDBException {
        this.settings = settings;
        this.database = database;
        this.shards = shards;
        owners = new RocksOwner[shards];
        guard = new SpaceGuard(settings, disk);
        committer = new Committer(log, settings.folder(), guard);
        retained = new RocksRetained(database);
        care = new Care(database, guard, new BodySweeper(database), committer::runWritableActions);
    }

    @Override
    public String name() {
        return "rocksdb";
    }

    @Override
    public Durability strongest() {
        return settings.sync() ? Durability.SAFE : Durability.PROCESS;
    }

    @Override
    public int shards() {
        return shards;
    }

    /**
     * FNV-1a of 32 bits over the name in UTF-8, its upper half folded into the lower, modulo the
     * number of shards. It must never change: it says where a client's data is.
     */
    @Override
    public int shardOf(String name) {
        int hash = HASH_START;
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ each & 0xFF) * HASH_FACTOR;
        }
        return Integer.remainderUnsigned(hash ^ hash >>> 16, shards);
    }

    @Override
    public synchronized CompletionStage<ShardOwner> own(int shard) {
        if (shard < 0 || shard >= shards) {
            throw new IllegalArgumentException(
                    "shard: " + shard + " (expected: 0.." + (shards - 1) + ")");
        }
        RocksOwner earlier = owners[shard];
        long epoch;
        try {
            epoch =
                    (earlier == null ? Meta.read(database, Meta.epoch(shard)) : earlier.epoch())
                            + 1;
        } catch (RocksDBException e) {
            return CompletableFuture.failedFuture(
                    Failures.of("cannot be read", settings.folder(), e));
        }
        if (epoch > ShardOwner.MAX_EPOCH) {
            return CompletableFuture.failedFuture(
                    new StorageException(
                            "Broker store "
                                    + settings.folder()
                                    + " was opened too often: all numbers of owners are used."));
        }
        RocksOwner next = new RocksOwner(database, committer, shard, epoch, settings.sync());
        Changes claim = new Changes(64);
        claim.put(database.id(Family.META), Meta.epoch(shard), Values.number(epoch));
        CompletionStage<Void> claimed =
                committer.commit(
                        claim,
                        true,
                        () -> {
                            // From here on nothing of the earlier owner is let in.
                            if (earlier != null) {
                                earlier.fence();
                            }
                            return true;
                        });
        owners[shard] = next;
        return claimed.handle(
                (nothing, failure) -> {
                    if (failure != null) {
                        throw new CompletionException(
                                failure.getCause() instanceof RocksDBException why
                                        ? Failures.of("cannot be written", settings.folder(), why)
                                        : failure);
                    }
                    return next;
                });
    }

    @Override
    public RetainedView retained() {
        return retained;
    }

    @Override
    public boolean readsAtOnce() {
        return false;
    }

    Path folder() {
        return settings.folder();
    }

    /**
     * Makes a copy that can be opened as a store. Commits go on meanwhile; those that were durable
     * before are in it.
     *
     * @param folder does not exist yet
     * @throws StorageException if that is not possible
     */
    void copyTo(Path folder) {
        database.copyTo(folder);
    }

    @Override
    public long diskBytes() {
        return guard.usedBytes();
    }

    @Override
    public List<Finding> findings() {
        StorageException trouble = committer.trouble();
        return trouble == null
                ? List.of()
                : List.of(Finding.down("storage", String.valueOf(trouble.getMessage())));
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        care.close();
        committer.close();
        database.close();
    }
}
