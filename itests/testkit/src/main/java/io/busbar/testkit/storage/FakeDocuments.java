package io.busbar.testkit.storage;

import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A document store in memory, for tests of its users. It passes {@link
 * io.busbar.testkit.contract.DocumentsContract}, and fails when a test asks for it.
 */
public final class FakeDocuments implements Documents {
    private TreeMap<String, Document> documents = new TreeMap<>();
    private boolean failing;
    private int commits;

    /** From now on every commit fails as on a full disk, or does not. */
    public synchronized void failCommits(boolean fail) {
        failing = fail;
    }

    /** How many commits succeeded. */
    public synchronized int commits() {
        return commits;
    }

    @Override
    public synchronized Optional<Document> get(String collection, String key) {
        return Optional.ofNullable(documents.get(collection + "/" + key));
    }

    @Override
    public synchronized void scan(String collection, Consumer<Document> each) {
        documents.subMap(collection + "/", collection + "0").values().forEach(each);
    }

    @Override
    public List<Document> commit(List<DocumentChange> changes) {
        List<Document> written = new ArrayList<>();
        commit(changes, written::add);
        return written;
    }

    @Override
    public void commitEach(Iterable<DocumentChange> changes) {
        commit(changes, written -> {});
    }

    private synchronized void commit(Iterable<DocumentChange> changes, Consumer<Document> written) {
        if (failing) {
            throw new StorageException("the disk is full (test)");
        }
        TreeMap<String, Document> changed = new TreeMap<>(documents);
        for (DocumentChange change : changes) {
            written.accept(apply(changed, change));
        }
        documents = changed;
        commits++;
    }

    private static Document apply(TreeMap<String, Document> documents, DocumentChange change) {
        String json = change.json();
        if (!change.collection().matches("[a-z0-9_]{1,40}")
                || change.key().isEmpty()
                || change.key().length() > 255
                || json != null && !json.startsWith("{")) {
            throw new IllegalArgumentException("change: " + change + " (expected: a valid one)");
        }
        String path = change.collection() + "/" + change.key();
        Document old = documents.get(path);
        long revision = old == null ? 0 : old.revision();
        if (change.expectedRevision() != DocumentChange.ANY
                && change.expectedRevision() != revision) {
            throw new ConflictException(path + " has revision " + revision);
        }
        if (json == null) {
            documents.remove(path);
            return new Document(change.collection(), change.key(), "{}", 0);
        }
        Document written = new Document(change.collection(), change.key(), json, revision + 1);
        documents.put(path, written);
        return written;
    }
}
