package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * A level of topics without a node: one such topic, or what several have in common, or both.
 *
 * @param name the level; may be empty
 * @param path all levels down to this one
 * @param topics how many topics without a node are at or below it
 * @param topic the topic that ends here; null if none does
 */
public record UnmodeledLevel(String name, String path, int topics, @Nullable UnmodeledTopic topic) {
    /** Whether topics are below it. */
    public boolean isBranch() {
        return topics > (topic == null ? 0 : 1);
    }
}
