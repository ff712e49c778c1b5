package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * What is searched in the namespace.
 *
 * @param text words with spaces between them, all of which have to be found; what is in quotes is
 *     one word. A word that is a topic filter with the wildcards {@code +} or {@code #} has to
 *     match the topic or the path. At most {@link #MAX_CHARACTERS} characters and {@link
 *     #MAX_WORDS} words
 * @param scope what is searched
 * @param type only nodes of this type; null = all
 * @param topicType only nodes of this type; null = all
 * @param label only nodes with this label; null = all
 * @param limit most hits to return
 */
public record SearchQuery(
        String text,
        Scope scope,
        @Nullable NodeType type,
        @Nullable TopicType topicType,
        @Nullable String label,
        int limit) {
    /** What is searched. */
    public enum Scope {
        /** Nodes, and topics without one. */
        ALL,
        NODES,
        /** Topics without a node. */
        UNMODELED
    }

    /** Most characters of a text. */
    public static final int MAX_CHARACTERS = 1024;

    /** Most words of a text. */
    public static final int MAX_WORDS = 16;

    /** Searches everything. */
    public static SearchQuery of(String text, int limit) {
        return new SearchQuery(text, Scope.ALL, null, null, null, limit);
    }
}
