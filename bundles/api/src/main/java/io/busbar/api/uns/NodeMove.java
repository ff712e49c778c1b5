package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * Where a node goes with all that is below it. Ids and aliases stay. A topic that is called
 * otherwise than its path stays so in any case.
 *
 * @param parentPath the path of the node that it comes below, made if there is none; empty = the
 *     root. A TOPIC goes into the folder of its type there, as {@link Namespace#create} does
 * @param name its name there; null = as it is
 * @param keepTopics true = devices go on publishing the topics that they publish now: these become
 *     the {@link NodePayload#wireTopic} of the nodes that have none; false = the topics change with
 *     the paths
 */
public record NodeMove(String parentPath, @Nullable String name, boolean keepTopics) {}
