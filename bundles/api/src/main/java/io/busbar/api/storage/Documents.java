package io.busbar.api.storage;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Small things that people make and that must not be lost: users, credentials, models. Thread-safe;
 * calls touch the disk and never come from an event loop. All failures are {@link StorageException}
 * or {@link ConflictException}; after one nothing has changed.
 */
@ProviderType
public interface Documents {
    Optional<Document> get(String collection, String key);

    /** All documents of a collection in the order of their keys. */
    List<Document> scan(String collection);

    /**
     * Applies all changes or none; durable (survives loss of power) when it returns.
     *
     * @return the documents as written, in the order of the changes; a deleted one has revision 0
     *     and an empty object
     * @throws ConflictException if an expected revision is not there
     */
    List<Document> commit(List<DocumentChange> changes);
}
