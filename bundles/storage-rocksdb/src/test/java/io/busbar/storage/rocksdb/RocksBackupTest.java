package io.busbar.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A copy of a store that is in use. */
@Timeout(120)
class RocksBackupTest {
    @TempDir Path temp;

    @Test
    void copy_hasWhatWasDurable_andIsAsOfOneMoment_whileCommitsGoOn() throws Exception {
        RocksStore store = RocksStore.open(Settings.of(temp.resolve("broker")));
        ShardOwner owner = Samples.own(store);
        AtomicLong durable = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writing =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                for (long i = 1; !stop.get(); i++) {
                                    StoreBatch batch = Samples.enqueue(owner, 1, i, i);
                                    batch.retain(batch.message(Samples.message("r", "m" + i)));
                                    Samples.commit(owner, batch);
                                    durable.set(i);
                                }
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
        RocksBackup backup = new RocksBackup(store);
        for (int copy = 1; copy <= 3; copy++) {
            long before = durable.get();
            while (durable.get() < before + 20 && !writing.isDone()) {
                Thread.onSpinWait();
            }
            before = durable.get();
            Path folder = temp.resolve("copy" + copy);
            assertThat(backup.sizeBytes()).isPositive();

            backup.copyTo(folder);

            List<Long> copied = sequences(folder, copied(folder));
            assertThat(copied.size()).isGreaterThanOrEqualTo((int) before);
            assertThat(copied)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, copied.size()).boxed().toList());
        }
        stop.set(true);
        writing.get(60, TimeUnit.SECONDS);
        assertThat(Samples.sequences(owner, 1)).hasSize((int) durable.get());
        store.close();
    }

    /** The retained message and the last of the queue were committed together. */
    private static String copied(Path folder) throws Exception {
        RocksStore store = RocksStore.open(Settings.of(folder));
        try {
            return new String(
                    store.retained().get(TopicName.of("r")).orElseThrow().payload(),
                    java.nio.charset.StandardCharsets.UTF_8);
        } finally {
            store.close();
        }
    }

    private static List<Long> sequences(Path folder, String retained) throws Exception {
        RocksStore store = RocksStore.open(Settings.of(folder));
        try {
            List<Long> all = Samples.sequences(Samples.own(store), 1);
            assertThat(retained).isEqualTo("m" + all.get(all.size() - 1));
            return all;
        } finally {
            store.close();
        }
    }

    @Test
    void copy_ofAStoreThatIsClosed_orOntoSomething_isRefused() throws Exception {
        RocksStore store = RocksStore.open(Settings.of(temp.resolve("broker")));
        RocksBackup backup = new RocksBackup(store);
        Path there = Files.createDirectory(temp.resolve("there"));
        assertThatThrownBy(() -> backup.copyTo(there)).isInstanceOf(StorageException.class);
        store.close();

        assertThatThrownBy(() -> backup.copyTo(temp.resolve("copy")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("is closed");
        assertThat(temp.resolve("copy")).doesNotExist();
    }
}
