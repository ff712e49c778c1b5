package io.busbar.api.storage;

import org.jspecify.annotations.Nullable;

/**
 * One change of a commit.
 *
 * @param json the new text, or null to delete
 * @param expectedRevision the revision that must be there: 0 = must not exist, {@link #ANY} =
 *     whatever is there
 */
public record DocumentChange(
        String collection, String key, @Nullable String json, long expectedRevision) {
    /** Whatever revision is there, if any. */
    public static final long ANY = -1;

    /** Creates a document that must not exist yet. */
    public static DocumentChange create(String collection, String key, String json) {
        return new DocumentChange(collection, key, json, 0);
    }

    /** Writes a document, new or not. */
    public static DocumentChange put(String collection, String key, String json) {
        return new DocumentChange(collection, key, json, ANY);
    }

    /** Replaces a document of the given revision. */
    public static DocumentChange replace(Document old, String json) {
        return new DocumentChange(old.collection(), old.key(), json, old.revision());
    }

    /** Deletes a document if it is there. */
    public static DocumentChange delete(String collection, String key) {
        return new DocumentChange(collection, key, null, ANY);
    }
}
