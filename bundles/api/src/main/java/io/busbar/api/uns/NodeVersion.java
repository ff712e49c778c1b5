package io.busbar.api.uns;

import java.time.Instant;
import java.util.List;

/**
 * A version of a node: the one of now, or one before it.
 *
 * @param revision its revision
 * @param at when it was made
 * @param by name of the actor that made it
 * @param differences what it changed of the version before; empty for the oldest that is kept
 */
public record NodeVersion(long revision, Instant at, String by, List<NodeDifference> differences) {
    public NodeVersion {
        differences = List.copyOf(differences);
    }
}
