package io.busbar.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StorageException.Kind;
import io.busbar.api.storage.StoreBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A disk that fails: everybody is told at once, and nothing is lost when it works again. */
@Timeout(120)
class TroubleTest {
    @TempDir Path temp;

    private final FakeDisk disk = new FakeDisk();
    private FaultyLog log;
    private RocksStore store;
    private ShardOwner owner;

    @BeforeEach
    void open() throws Exception {
        open(Settings.of(temp));
    }

    private void open(Settings settings) throws Exception {
        Opening.Opened opened = Opening.open(settings);
        log = new FaultyLog(opened.database());
        store = new RocksStore(settings, opened.database(), opened.shards(), log, disk);
        owner = Samples.own(store);
    }

    @AfterEach
    void close() {
        log.fault = FaultyLog.Fault.NONE;
        store.close();
    }

    private static StorageException failureOf(CompletableFuture<?> stage) throws Exception {
        try {
            stage.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return (StorageException) e.getCause();
        }
        throw new AssertionError("it should have failed");
    }

    private void awaitWritable() throws InterruptedException {
        CountDownLatch writable = new CountDownLatch(1);
        owner.onWritable(writable::countDown);
        assertThat(writable.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void fullDisk_failsEveryCommit_keepsThem_andWritesThemInOrder() throws Exception {
        Samples.commit(owner, Samples.enqueue(owner, 1, 1, 2));
        log.fault = FaultyLog.Fault.DISK_FULL;

        CompletableFuture<Void> first =
                owner.commit(Samples.enqueue(owner, 1, 3, 3), Durability.SAFE)
                        .toCompletableFuture();
        StorageException why = failureOf(first);
        StoreBatch remove = owner.newBatch();
        remove.acknowledge(1, 3, false);
        remove.acknowledge(1, 1, false);
        CompletableFuture<Void> second =
                owner.commit(remove, Durability.PROCESS).toCompletableFuture();

        assertThat(why.kind()).isEqualTo(Kind.FULL);
        assertThat(why).hasMessageContaining(temp.toString()).hasMessageContaining("Free some");
        assertThat(failureOf(second).kind()).isEqualTo(Kind.FULL);
        assertThat(owner.trouble()).isNotNull();
        assertThat(owner.isWritable()).isFalse();
        assertThat(store.findings()).hasSize(1);
        assertThat(Samples.sequences(owner, 1)).as("what was read before").containsExactly(1L, 2L);

        log.fault = FaultyLog.Fault.NONE;
        awaitWritable();

        assertThat(owner.trouble()).isNull();
        assertThat(store.findings()).isEmpty();
        Samples.commit(owner, Samples.enqueue(owner, 1, 4, 4));
        assertThat(Samples.sequences(owner, 1)).containsExactly(2L, 4L);
    }

    /** Its broker does not start, so nothing goes on. */
    @Test
    void fullDisk_whenAShardIsTaken_promisesNothing() throws Exception {
        log.fault = FaultyLog.Fault.DISK_FULL;

        StorageException why = failureOf(store.own(1).toCompletableFuture());

        assertThat(why.kind()).isEqualTo(Kind.FULL);
        assertThat(why.getMessage()).endsWith("Free some space on the disk of " + temp + ".");
        assertThat(store.findings().get(0).detail()).endsWith("it goes on by itself.");
    }

    @Test
    void failedSync_opensAnew_andWritesNothingTwice() throws Exception {
        try (RetainedView.Scan scan = retain("a", "b", "c")) {
            assertThat(scan.next()).isTrue();
            log.fault = FaultyLog.Fault.SYNC_FAILED;

            CompletableFuture<Void> failed =
                    owner.commit(Samples.enqueue(owner, 1, 1, 1), Durability.SAFE)
                            .toCompletableFuture();
            StorageException why = failureOf(failed);
            log.fault = FaultyLog.Fault.NONE;
            awaitWritable();

            assertThat(why.kind()).isEqualTo(Kind.FAILED);
            assertThat(log.reopened).hasValue(1);
            assertThat(Samples.sequences(owner, 1)).containsExactly(1L);
            assertThat(scan.next()).as("a walk goes on in what was opened anew").isTrue();
            assertThat(scan.message().topic()).isEqualTo(TopicName.of("b"));
        }
        // An entry that was put twice would come back from below.
        StoreBatch remove = owner.newBatch();
        remove.acknowledge(1, 1, false);
        Samples.commit(owner, remove);
        store.close();
        open(Settings.of(temp));
        assertThat(Samples.sequences(owner, 1)).isEmpty();
    }

    /** One group of many parts, which fails at one of them. */
    @ParameterizedTest
    @CsvSource({"DISK_FULL,0", "DISK_FULL,3", "SYNC_FAILED,0", "SYNC_FAILED,3"})
    void failureWithinALargeGroup_writesEachCommitOnce(FaultyLog.Fault fault, int writesBefore)
            throws Exception {
        Samples.commit(owner, Samples.enqueue(owner, 1, 1, 1));
        CountDownLatch gate = new CountDownLatch(1);
        log.hold = gate;
        List<CompletableFuture<Void>> commits = new ArrayList<>();
        commits.add(
                owner.commit(Samples.enqueue(owner, 1, 2, 2), Durability.SAFE)
                        .toCompletableFuture());
        log.held.await();
        for (int i = 3; i < 40; i++) {
            StoreBatch batch = owner.newBatch();
            batch.enqueue(
                    1,
                    i,
                    batch.message(Samples.message("t", "x".repeat(100_000))),
                    Samples.ONCE,
                    0);
            commits.add(owner.commit(batch, Durability.SAFE).toCompletableFuture());
        }
        // The first goes through: what waits behind it is one group.
        log.stillGood.set(1 + writesBefore);
        log.fault = fault;
        log.hold = null;
        gate.countDown();

        commits.get(0).get(60, TimeUnit.SECONDS);
        failureOf(commits.get(1));
        log.fault = FaultyLog.Fault.NONE;
        awaitWritable();

        List<Long> all = LongStream.range(1, 40).boxed().toList();
        assertThat(Samples.sequences(owner, 1)).containsExactlyElementsOf(all);
        StoreBatch remove = owner.newBatch();
        all.forEach(sequence -> remove.acknowledge(1, sequence, false));
        Samples.commit(owner, remove);
        store.close();
        open(Settings.of(temp));
        assertThat(Samples.sequences(owner, 1)).as("none was put twice").isEmpty();
    }

    @Test
    void trouble_endsWhenEverythingIsWrittenThatWasToldToHaveFailed() throws Exception {
        log.fault = FaultyLog.Fault.DISK_FULL;
        failureOf(
                owner.commit(Samples.enqueue(owner, 1, 1, 1), Durability.SAFE)
                        .toCompletableFuture());
        failureOf(
                owner.commit(Samples.enqueue(owner, 1, 2, 2), Durability.SAFE)
                        .toCompletableFuture());
        CountDownLatch first = new CountDownLatch(1);
        log.hold = first;
        log.fault = FaultyLog.Fault.NONE;
        log.held.await();
        CountDownLatch second = new CountDownLatch(1);
        log.held = new CountDownLatch(1);
        log.hold = second;
        first.countDown();
        log.held.await();

        assertThat(owner.trouble()).as("one of two is written").isNotNull();
        CompletableFuture<Void> later =
                owner.commit(Samples.enqueue(owner, 1, 3, 3), Durability.SAFE)
                        .toCompletableFuture();
        log.hold = null;
        second.countDown();

        later.get(60, TimeUnit.SECONDS);
        assertThat(owner.trouble()).isNull();
        assertThat(Samples.sequences(owner, 1)).containsExactly(1L, 2L, 3L);
    }

    private RetainedView.Scan retain(String... topics) throws Exception {
        StoreBatch batch = owner.newBatch();
        for (String topic : topics) {
            batch.retain(batch.message(Samples.message(topic, "1")));
        }
        Samples.commit(owner, batch);
        return store.retained().scan();
    }

    @Test
    void close_inTrouble_triesOnceMore() throws Exception {
        log.fault = FaultyLog.Fault.DISK_FULL;
        failureOf(
                owner.commit(Samples.enqueue(owner, 1, 1, 1), Durability.SAFE)
                        .toCompletableFuture());
        owner.close();
        log.fault = FaultyLog.Fault.NONE;

        store.close();

        open(Settings.of(temp));
        assertThat(Samples.sequences(owner, 1)).containsExactly(1L);
    }

    @Test
    void slowDisk_holdsPublishers_untilItHasCaughtUp() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        log.hold = hold;
        String large = "x".repeat(1 << 20);
        for (int i = 1; i <= 17; i++) {
            StoreBatch batch = owner.newBatch();
            batch.enqueue(1, i, batch.message(Samples.message("t", large)), Samples.ONCE, 0);
            owner.commit(batch, Durability.PROCESS);
        }
        assertThat(owner.isWritable()).isFalse();
        assertThat(owner.trouble()).isNull();

        log.hold = null;
        hold.countDown();

        awaitWritable();
        assertThat(owner.isWritable()).isTrue();
    }

    @Test
    void littleSpace_isTroubleBeforeTheDiskIsFull_andEndsByItself() throws Exception {
        disk.free = 10 << 20;
        awaitTrouble();

        StorageException why = owner.trouble();
        assertThat(why.kind()).isEqualTo(Kind.FULL);
        assertThat(why).hasMessageContaining("10 MB").hasMessageContaining("64 MB");
        assertThat(owner.isWritable()).isFalse();
        // What makes room is still written.
        Samples.commit(owner, Samples.enqueue(owner, 1, 1, 1));

        disk.free = 1L << 40;
        awaitWritable();
        assertThat(owner.trouble()).isNull();
    }

    @Test
    void largeStore_isTrouble() throws Exception {
        store.close();
        open(Settings.of(temp).withSpace(0, 1 << 20));
        disk.used = 2 << 20;
        awaitTrouble();

        assertThat(owner.trouble()).hasMessageContaining("max.bytes");

        disk.used = 1000;
        awaitWritable();
        assertThat(store.diskBytes()).isEqualTo(1000 + FakeDisk.LOGS);
    }

    private void awaitTrouble() throws InterruptedException {
        for (int i = 0; i < 1_000 && owner.trouble() == null; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(owner.trouble()).isNotNull();
    }

    @Test
    void fencedOwner_changesNothing_andHearsThatItIsGone() throws Exception {
        StoreBatch late = Samples.enqueue(owner, 1, 1, 1);
        ShardOwner next = Samples.own(store);

        StorageException why = failureOf(owner.commit(late, Durability.SAFE).toCompletableFuture());

        assertThat(why.kind()).isEqualTo(Kind.GONE);
        assertThat(Samples.sequences(next, 1)).isEmpty();
        store.close();
        long epoch = next.epoch();
        open(Settings.of(temp));
        assertThat(owner.epoch()).as("over a restart").isGreaterThan(epoch);
    }

    @Test
    void closedStore_failsCleanly() {
        store.close();

        assertThat(owner.commit(owner.newBatch(), Durability.SAFE).toCompletableFuture())
                .isCompletedExceptionally();
        assertThatThrownBy(() -> owner.view().session(1))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.GONE));
        owner.close();
    }

    /** A disk of any size. */
    private static final class FakeDisk implements Disk {
        volatile long free = 1L << 40;
        static final long LOGS = 5_000;

        volatile long used;

        @Override
        public long usableBytes(Path folder) {
            return free;
        }

        @Override
        public Use use(Path folder) {
            return new Use(used, used + LOGS);
        }
    }
}
