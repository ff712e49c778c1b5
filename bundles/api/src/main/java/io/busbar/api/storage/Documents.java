package io.busbar.api.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Stores small JSON documents that people create and that must not be lost: users, credentials, the
 * nodes of the namespace. Published as a service.
 *
 * <p>Thread-safe. Calls access the disk, so never call from an event loop. Every failure is a
 * {@link StorageException} or {@link ConflictException}; after one, nothing has changed.
 */
@ProviderType
public interface Documents {
    /** Returns a document, or empty if there is none with this key. */
    Optional<Document> get(String collection, String key);

    /** Returns all documents of a collection, sorted by key. For small collections. */
    default List<Document> scan(String collection) {
        List<Document> found = new ArrayList<>();
        scan(collection, found::add);
        return found;
    }

    /**
     * Hands all documents of a collection to a consumer, sorted by key, without holding them all in
     * memory. No commit happens meanwhile.
     *
     * @param each must not call the store; what it throws ends the scan and is passed on
     */
    void scan(String collection, Consumer<Document> each);

    /**
     * Applies all changes, or none of them. The changes are durable (they survive a loss of power)
     * when the call returns.
     *
     * @return the documents as written, in the order of the changes; for a deleted one, revision 0
     *     and an empty object
     * @throws ConflictException if a document does not have the expected revision
     */
    List<Document> commit(List<DocumentChange> changes);

    /**
     * The same for changes that are too many to be in memory at once: each is asked for when the
     * one before is written.
     *
     * @param changes is asked once and must not call the store; if it throws, nothing has changed
     */
    void commitEach(Iterable<DocumentChange> changes);
}
