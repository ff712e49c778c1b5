package io.busbar.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.storage.StorageException;
import io.busbar.storage.rocksdb.record.Values;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What a committer does with a disk that has lost more than it could not write. */
@Timeout(60)
class CommitterTest {
    private static final Space ROOM =
            new Space() {
                @Override
                public @Nullable StorageException trouble() {
                    return null;
                }

                @Override
                public boolean isDiskFull() {
                    return false;
                }
            };

    private static final Pattern NAME = Pattern.compile("<([a-z]+)>");

    private final ForgetfulLog log = new ForgetfulLog();

    /**
     * Groups that nobody was told to be safe may be gone with the failed one. They are nothing to
     * skip: the failed one is written, once, and others after it.
     */
    @Test
    void disk_thatLostEarlierGroupsToo_getsTheFailedOne_andThoseAfterIt() throws Exception {
        try (Committer committer = new Committer(log, Path.of("store"), ROOM)) {
            for (String name : List.of("one", "two", "three")) {
                commit(committer, name, false).get(30, TimeUnit.SECONDS);
            }
            log.groupAfterReopening = 1;
            log.fails = true;

            CompletableFuture<Void> failed = commit(committer, "four", true);
            assertThatThrownBy(() -> failed.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(StorageException.class);
            commit(committer, "five", true)
                    .handle((nothing, failure) -> null)
                    .get(30, TimeUnit.SECONDS);
            log.awaitWritten("five");
            commit(committer, "six", true)
                    .handle((nothing, failure) -> null)
                    .get(30, TimeUnit.SECONDS);
            log.awaitWritten("six");
        }

        assertThat(log.names()).containsExactly("one", "two", "three", "four", "five", "six");
    }

    private static CompletableFuture<Void> commit(Committer committer, String name, boolean sync) {
        Changes changes = new Changes(64);
        changes.put(0, ("<" + name + ">").getBytes(StandardCharsets.UTF_8), Values.number(1));
        return committer.commit(changes, sync, () -> true).toCompletableFuture();
    }

    /** Fails once, and has a group of long ago as its last one when it is opened again. */
    private static final class ForgetfulLog implements Log {
        final List<String> written = new CopyOnWriteArrayList<>();
        volatile boolean fails;
        volatile long groupAfterReopening;
        private long group;

        @Override
        public void write(byte[] changes, boolean sync) throws RocksDBException {
            if (fails) {
                fails = false;
                throw new RocksDBException(
                        new Status(Status.Code.IOError, Status.SubCode.None, "Input/output error"));
            }
            synchronized (this) {
                written.add(new String(changes, StandardCharsets.ISO_8859_1));
                notifyAll();
            }
        }

        @Override
        public void reopen() {
            group = groupAfterReopening;
        }

        @Override
        public byte[] meta(byte[] key) {
            return Values.number(group);
        }

        synchronized void awaitWritten(String name) throws InterruptedException {
            while (!names().contains(name)) {
                wait();
            }
        }

        /** The names in all groups, in the order in which they were written. */
        List<String> names() {
            return written.stream()
                    .flatMap(text -> NAME.matcher(text).results())
                    .map(found -> found.group(1))
                    .toList();
        }
    }
}
