package io.busbar.itests.storage.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.testkit.contract.DocumentsContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderDocumentsTest extends DocumentsContract {
    @TempDir Path folder;
    private FolderDocuments documents;

    @BeforeEach
    void open() {
        documents = new FolderDocuments(folder);
    }

    @Override
    protected Documents documents() {
        return documents;
    }

    @Test
    void openedAgain_hasWhatWasCommitted() {
        documents.commit(List.of(DocumentChange.put("things", "a", "{\"n\":\n1}")));

        assertThat(new FolderDocuments(folder).scan("things"))
                .containsExactly(new Document("things", "a", "{\"n\":\n1}", 1));
    }

    @Test
    void commit_thatWasCutShort_countsFromItsRenamingOn() throws Exception {
        documents.commit(List.of(DocumentChange.put("things", "a", "{}")));
        Path next = folder.resolve("next");
        DocumentFile.write(
                DocumentFile.of(next, "things", "a"), new Document("things", "a", "{}", 0));
        DocumentFile.write(
                DocumentFile.of(next, "things", "b"), new Document("things", "b", "{}", 1));

        assertThat(new FolderDocuments(folder).scan("things"))
                .extracting(Document::key)
                .containsExactly("a");

        DocumentFile.write(
                DocumentFile.of(next, "things", "a"), new Document("things", "a", "{}", 0));
        DocumentFile.write(
                DocumentFile.of(next, "things", "b"), new Document("things", "b", "{}", 1));
        Files.move(next, folder.resolve("commit"));

        assertThat(new FolderDocuments(folder).scan("things"))
                .extracting(Document::key)
                .containsExactly("b");
    }
}
