package io.busbar.api.storage;

import java.util.Objects;

/**
 * A JSON document, stored under a key of a collection.
 *
 * @param collection e.g. {@code credentials}; [a-z0-9_], at most 40 characters
 * @param key unique in its collection, at most 255 characters
 * @param json a JSON object as text
 * @param revision 1 for a new document, increased by 1 with every change
 */
public record Document(String collection, String key, String json, long revision) {
    public Document {
        Objects.requireNonNull(collection, "collection");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(json, "json");
    }
}
