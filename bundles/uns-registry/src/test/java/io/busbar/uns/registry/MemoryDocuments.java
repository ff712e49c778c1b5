package io.busbar.uns.registry;

import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Documents that live as long as the object, and that can be told to fail. */
final class MemoryDocuments implements Documents {
    private Map<String, Document> documents = new TreeMap<>();
    int commits;
    boolean failing;

    @Override
    public synchronized Optional<Document> get(String collection, String key) {
        return Optional.ofNullable(documents.get(collection + "/" + key));
    }

    @Override
    public synchronized List<Document> scan(String collection) {
        return documents.values().stream()
                .filter(each -> each.collection().equals(collection))
                .toList();
    }

    @Override
    public synchronized List<Document> commit(List<DocumentChange> changes) {
        if (failing) {
            throw new StorageException("disk full");
        }
        Map<String, Document> next = new TreeMap<>(documents);
        List<Document> written = new ArrayList<>();
        for (DocumentChange change : changes) {
            String place = change.collection() + "/" + change.key();
            Document old = next.get(place);
            long revision = old == null ? 0 : old.revision();
            if (change.expectedRevision() != DocumentChange.ANY
                    && change.expectedRevision() != revision) {
                throw new ConflictException(place + " has revision " + revision);
            }
            if (change.json() == null) {
                next.remove(place);
                written.add(new Document(change.collection(), change.key(), "{}", 0));
            } else {
                Document now =
                        new Document(
                                change.collection(), change.key(), change.json(), revision + 1);
                next.put(place, now);
                written.add(now);
            }
        }
        documents = next;
        commits++;
        return written;
    }
}
