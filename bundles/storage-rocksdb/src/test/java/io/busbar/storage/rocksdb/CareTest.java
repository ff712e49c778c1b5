package io.busbar.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When the housekeeping looks at the disk, and when it asks RocksDB to give back space. */
@Timeout(120)
class CareTest {
    private static final String IN_MEMORY = "rocksdb.num-entries-active-mem-table";
    private static final int ENTRIES = 64;
    private static final int ENTRY_BYTES = 16 << 10;

    @TempDir Path temp;

    private final FakeDisk disk = new FakeDisk();
    private final ByHand tasks = new ByHand();
    private final AtomicInteger looks = new AtomicInteger();
    private Database database;
    private SpaceGuard guard;
    private Care care;

    @BeforeEach
    void open() throws Exception {
        Settings settings = Settings.of(temp);
        database = Opening.open(settings).database();
        guard = new SpaceGuard(settings, disk);
        care = new Care(database, guard, new BodySweeper(database), looks::incrementAndGet, tasks);
    }

    @AfterEach
    void close() {
        care.close();
        database.close();
    }

    @Test
    void everySecond_itLooksAtTheDisk_andTellsThoseWhoWaitForRoom() {
        disk.free = 0;

        tasks.run(1_000);

        assertThat(guard.trouble()).isNotNull();
        assertThat(looks).hasValue(1);
        disk.free = FakeDisk.LARGE;
        tasks.run(1_000);
        assertThat(guard.trouble()).isNull();
        assertThat(looks).hasValue(2);
    }

    /** It costs the disk as much as the commits do. */
    @Test
    void everyMinute_whileThereIsRoom_nothingIsCompacted() throws Exception {
        put();

        tasks.run(60_000);

        assertThat(property(IN_MEMORY)).isEqualTo(ENTRIES);
    }

    @Test
    void everyMinute_withoutRoom_whatWaitsInMemoryIsWrittenToBeCompacted() throws Exception {
        put();
        disk.free = 0;
        tasks.run(1_000);

        tasks.run(60_000);

        assertThat(property(IN_MEMORY)).isZero();
    }

    private void put() throws Exception {
        Random random = new Random(7);
        Changes changes = new Changes(64);
        for (int i = 0; i < ENTRIES; i++) {
            byte[] value = new byte[ENTRY_BYTES];
            random.nextBytes(value);
            changes.put(database.id(Family.QUEUE), key(i), value);
        }
        database.write(changes.toBytes(), false);
    }

    private static byte[] key(int number) {
        return String.format(Locale.ROOT, "%08d", number).getBytes(StandardCharsets.US_ASCII);
    }

    private long property(String name) throws Exception {
        return database.with(open -> open.getLongProperty(database.handle(Family.QUEUE), name));
    }

    /** Runs what comes again and again when a test says so. */
    private static final class ByHand extends ScheduledThreadPoolExecutor {
        private final Map<Long, Runnable> byPeriod = new HashMap<>();

        ByHand() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(
                Runnable task, long first, long period, TimeUnit unit) {
            byPeriod.put(unit.toMillis(period), task);
            return schedule(() -> {}, 0, unit);
        }

        void run(long periodMillis) {
            byPeriod.get(periodMillis).run();
        }
    }

    private static final class FakeDisk implements Disk {
        static final long LARGE = 1L << 40;
        volatile long free = LARGE;

        @Override
        public long usableBytes(Path folder) {
            return free;
        }

        @Override
        public Use use(Path folder) {
            return new Use(0, 0);
        }
    }
}
