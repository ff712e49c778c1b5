package io.busbar.api.uns;

import java.time.Instant;
import java.util.UUID;

/**
 * A node in the recycle bin, with all that was below it.
 *
 * @param id of the node, which it has again when it is restored
 * @param type PATH or TOPIC
 * @param path where it was
 * @param nodes how many nodes they are, with itself
 * @param topics how many of them are topics
 * @param deletedAt when
 * @param deletedBy name of the actor
 * @param until when it leaves the bin for good, if nobody restores it before
 */
public record RecycledNode(
        UUID id,
        NodeType type,
        String path,
        int nodes,
        int topics,
        Instant deletedAt,
        String deletedBy,
        Instant until) {}
