package io.busbar.api.storage;

import org.jspecify.annotations.Nullable;

/**
 * One change of a document, as part of a commit.
 *
 * @param collection the document's collection
 * @param key the document's key
 * @param json the new content, or null to delete the document
 * @param expectedRevision the revision that the document must have: 0 = it must not exist, {@link
 *     #ANY} = any revision, or none
 */
public record DocumentChange(
        String collection, String key, @Nullable String json, long expectedRevision) {
    /** The document may have any revision, or not exist. */
    public static final long ANY = -1;

    /** A change that creates a document, which must not exist yet. */
    public static DocumentChange create(String collection, String key, String json) {
        return new DocumentChange(collection, key, json, 0);
    }

    /** A change that writes a document, whether it exists or not. */
    public static DocumentChange put(String collection, String key, String json) {
        return new DocumentChange(collection, key, json, ANY);
    }

    /** A change that replaces a document, which must still have the old one's revision. */
    public static DocumentChange replace(Document old, String json) {
        return new DocumentChange(old.collection(), old.key(), json, old.revision());
    }

    /** A change that deletes a document if it exists. */
    public static DocumentChange delete(String collection, String key) {
        return new DocumentChange(collection, key, null, ANY);
    }
}
