package io.busbar.api.uns;

/**
 * Sizes and counters of the namespace. Counters start with the server.
 *
 * @param paths how many PATH nodes there are
 * @param topics how many TOPIC nodes there are
 * @param maxNodes how many PATH and TOPIC nodes there may be together
 * @param nodesRefused how often a change or an import was refused because there would have been
 *     more
 * @param unmodeled topics that have received messages but have no node
 * @param unmodeledDropped messages of topics without a node that were not kept, because the topics
 *     had reached the limit of their number or their bytes
 * @param recentForgotten payloads to propose models from that were not kept, or forgotten, because
 *     there was no room for them
 * @param messages messages that have arrived
 * @param violations messages that did not fit their model
 * @param violatingTopics topics whose last message did not fit their model
 * @param late messages that brought values older than the current ones
 * @param samplesLost messages whose samples were lost, summed over all sample listeners
 */
public record NamespaceStats(
        long paths,
        long topics,
        long maxNodes,
        long nodesRefused,
        long unmodeled,
        long unmodeledDropped,
        long recentForgotten,
        long messages,
        long violations,
        long violatingTopics,
        long late,
        long samplesLost) {}
