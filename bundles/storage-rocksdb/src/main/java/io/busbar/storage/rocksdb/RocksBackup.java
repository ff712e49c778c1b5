package io.busbar.storage.rocksdb;

import io.busbar.api.backup.spi.BackupSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Copies the store while it is written to: what was committed before is in the copy. */
final class RocksBackup implements BackupSource {
    private final RocksStore store;

    RocksBackup(RocksStore store) {
        this.store = store;
    }

    @Override
    public String name() {
        return "broker state";
    }

    @Override
    public String folder() {
        return "broker";
    }

    @Override
    public long sizeBytes() throws IOException {
        try (Stream<Path> files = Files.list(store.folder())) {
            // One that was compacted away meanwhile has no length.
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void copyTo(Path folder) {
        store.copyTo(folder);
    }
}
