package io.busbar.storage.rocksdb;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.Env;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Priority;
import org.rocksdb.RateLimiter;
import org.rocksdb.RateLimiterMode;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;

/**
 * The options of RocksDB, made for a given amount of memory. One cache is all the memory: blocks
 * and indexes that were read are in it, and what is not written yet is charged to it.
 */
final class Tuning implements AutoCloseable {
    private static final int BLOCK_BYTES = 8 << 10;
    private static final int OPEN_FILES = 256;
    private static final int RECYCLED_LOGS = 4;

    /** Least and most bytes of logs that have to be read after a crash. */
    private static final long LEAST_LOG = 32 * Settings.MB;

    private static final long MOST_LOG = 512 * Settings.MB;

    /** Most that background work writes in a second: it leaves the disk to commits. */
    private static final long BACKGROUND_BYTES = 128 * Settings.MB;

    /**
     * Files that were written and not compacted: from so many on, commits are slowed down to the
     * speed of compaction, and stopped. A file may be small, as each has few removed ranges.
     */
    private static final int SLOW_FILES = 64;

    private static final int STOP_FILES = 512;

    /** So many ranges that were removed make a memtable slow to read. */
    private static final int MOST_RANGES = 1_000;

    private final List<AbstractNativeReference> owned = new ArrayList<>();
    private final DBOptions options;
    private final List<ColumnFamilyDescriptor> families = new ArrayList<>();

    Tuning(Settings settings, boolean bestEfforts) {
        long memory = Math.max(Settings.LEAST_MEMORY, settings.memoryBytes());
        // Few parts: each takes its share of what is charged in pieces of 256 KB. Not strict: walks
        // that stand on large values hold them, and with a strict cache every other read would
        // fail as long as it is full of them. It is larger for that moment instead.
        LRUCache cache = own(new LRUCache(memory, memory < 256 * Settings.MB ? 1 : 4, false, 0.3));
        WriteBufferManager buffers = own(new WriteBufferManager(memory / 2, cache));
        RateLimiter limiter =
                own(
                        new RateLimiter(
                                BACKGROUND_BYTES,
                                RateLimiter.DEFAULT_REFILL_PERIOD_MICROS,
                                RateLimiter.DEFAULT_FAIRNESS,
                                RateLimiterMode.WRITES_ONLY,
                                true));
        Env env = Env.getDefault();
        env.setBackgroundThreads(1, Priority.LOW).setBackgroundThreads(1, Priority.HIGH);
        // Never with a lower priority: on a busy machine it would not keep up, and commits would
        // have to wait for it, for minutes.
        options =
                own(new DBOptions())
                        .setCreateIfMissing(true)
                        .setCreateMissingColumnFamilies(true)
                        .setEnv(env)
                        .setWriteBufferManager(buffers)
                        .setRateLimiter(limiter)
                        .setMaxBackgroundJobs(2)
                        .setMaxOpenFiles(OPEN_FILES)
                        // After a loss of power the last record may be there by halves.
                        .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                        .setMaxTotalWalSize(Math.min(MOST_LOG, Math.max(LEAST_LOG, memory)))
                        .setRecycleLogFileNum(RECYCLED_LOGS)
                        .setBytesPerSync(Settings.MB)
                        // There is one writer.
                        .setAllowConcurrentMemtableWrite(false)
                        .setSkipStatsUpdateOnDbOpen(true)
                        .setStatsDumpPeriodSec(0)
                        .setStatsPersistPeriodSec(0)
                        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                        .setKeepLogFileNum(2)
                        .setMaxLogFileSize(Settings.MB)
                        .setBestEffortsRecovery(bestEfforts);
        BlockBasedTableConfig table =
                new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setBlockSize(BLOCK_BYTES)
                        .setCacheIndexAndFilterBlocks(true)
                        .setCacheIndexAndFilterBlocksWithHighPriority(true)
                        .setFilterPolicy(own(new BloomFilter(10)))
                        .setFormatVersion(6);
        for (Family family : Family.values()) {
            // A third of what the manager allows in each, as it is mostly one that is written.
            long buffer = memory / 6;
            ColumnFamilyOptions each =
                    own(new ColumnFamilyOptions())
                            .setTableFormatConfig(table)
                            .setWriteBufferSize(buffer)
                            .setArenaBlockSize(Math.min(Settings.MB, buffer / 16))
                            .setMaxWriteBufferNumber(3)
                            .setLevel0SlowdownWritesTrigger(SLOW_FILES)
                            .setLevel0StopWritesTrigger(STOP_FILES)
                            .setCompressionType(CompressionType.LZ4_COMPRESSION)
                            .setTargetFileSizeBase(32 * Settings.MB)
                            .setMaxBytesForLevelBase(Math.max(64 * Settings.MB, 4 * buffer))
                            .setLevelCompactionDynamicLevelBytes(true)
                            .setMemtableMaxRangeDeletions(MOST_RANGES);
            families.add(new ColumnFamilyDescriptor(family.bytes(), each));
        }
    }

    private <T extends AbstractNativeReference> T own(T each) {
        owned.add(each);
        return each;
    }

    DBOptions options() {
        return options;
    }

    List<ColumnFamilyDescriptor> families() {
        return families;
    }

    @Override
    public void close() {
        for (int i = owned.size() - 1; i >= 0; i--) {
            owned.get(i).close();
        }
        owned.clear();
    }
}
