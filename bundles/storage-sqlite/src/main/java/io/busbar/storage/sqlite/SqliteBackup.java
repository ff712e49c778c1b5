package io.busbar.storage.sqlite;

import io.busbar.api.backup.spi.BackupSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Copies the documents while they are changed: what was committed before is in the copy. */
final class SqliteBackup implements BackupSource {
    private final SqliteDocuments documents;

    SqliteBackup(SqliteDocuments documents) {
        this.documents = documents;
    }

    @Override
    public String name() {
        return "documents";
    }

    @Override
    public String folder() {
        return "db";
    }

    @Override
    public long sizeBytes() throws IOException {
        Path file = documents.file().path();
        return Files.size(file) + file.resolveSibling(SqliteFile.NAME + "-wal").toFile().length();
    }

    @Override
    public void copyTo(Path folder) throws IOException {
        Files.createDirectory(folder);
        documents.copyTo(folder.resolve(SqliteFile.NAME));
    }
}
