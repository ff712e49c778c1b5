package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * What a search found: a node, or a topic without one.
 *
 * @param topic the path of the node, or the topic
 * @param node null for a topic without a node
 * @param matched where the text was found. If there are several words, where the one was that is
 *     shown least
 * @param field the name of the field that was found, or whose value was; else null
 * @param text what was found there, shortened; null if it is the name, the path or the topic
 */
public record SearchHit(
        String topic,
        @Nullable Node node,
        Matched matched,
        @Nullable String field,
        @Nullable String text) {
    /** Where a text was found. */
    public enum Matched {
        NAME,
        ALIAS,
        DISPLAY_NAME,
        LABEL,
        FIELD,
        WIRE_TOPIC,
        PATH,
        DESCRIPTION,
        VALUE,
        FILTER
    }
}
