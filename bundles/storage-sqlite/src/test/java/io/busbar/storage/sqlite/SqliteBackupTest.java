package io.busbar.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.StorageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A copy of documents that are in use. */
@Timeout(120)
class SqliteBackupTest {
    @TempDir Path temp;

    @Test
    void copy_hasWhatWasCommitted_andWholeCommitsOnly_whileCommitsGoOn() throws Exception {
        try (SqliteDocuments documents = SqliteDocuments.open(temp.resolve("db"))) {
            AtomicLong committed = new AtomicLong();
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<Void> writing =
                    CompletableFuture.runAsync(
                            () -> {
                                for (long i = 1; !stop.get(); i++) {
                                    String json = "{\"n\":" + i + "}";
                                    documents.commit(
                                            List.of(
                                                    DocumentChange.put("things", "a", json),
                                                    DocumentChange.put("things", "b", json)));
                                    committed.set(i);
                                }
                            });
            SqliteBackup backup = new SqliteBackup(documents);
            while (committed.get() < 20 && !writing.isDone()) {
                Thread.onSpinWait();
            }
            long before = committed.get();
            assertThat(backup.sizeBytes()).isPositive();

            backup.copyTo(temp.resolve("copy"));

            stop.set(true);
            writing.get(60, TimeUnit.SECONDS);
            assertThat(documents.get("things", "a").orElseThrow().revision())
                    .isEqualTo(committed.get());
            try (SqliteDocuments copy = SqliteDocuments.open(temp.resolve("copy"))) {
                List<Document> all = new ArrayList<>();
                copy.scan("things", all::add);
                assertThat(all).extracting(Document::key).containsExactly("a", "b");
                assertThat(all.get(0).json()).isEqualTo(all.get(1).json());
                assertThat(all.get(0).revision()).isGreaterThanOrEqualTo(before);
            }
        }
    }

    @Test
    void copy_ofDocumentsThatAreClosed_isRefused() {
        SqliteDocuments documents = SqliteDocuments.open(temp.resolve("db"));
        documents.close();

        assertThatThrownBy(() -> new SqliteBackup(documents).copyTo(temp.resolve("copy")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("is closed");
    }
}
