package io.busbar.api.storage;

import java.util.List;
import java.util.Optional;
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

    /** Returns all documents of a collection, sorted by key. */
    List<Document> scan(String collection);

    /**
     * Applies all changes, or none of them. The changes are durable (they survive a loss of power)
     * when the call returns.
     *
     * @return the documents as written, in the order of the changes; for a deleted one, revision 0
     *     and an empty object
     * @throws ConflictException if a document does not have the expected revision
     */
    List<Document> commit(List<DocumentChange> changes);
}
