package io.busbar.api.uns;

/**
 * Sizes and counters of the namespace.
 *
 * @param unmodeledDropped topics that were not remembered because the limit of unmodelled topics
 *     was reached
 * @param samplesLost messages whose samples were lost, summed over all sample listeners
 */
public record NamespaceStats(
        long paths,
        long topics,
        long unmodeled,
        long unmodeledDropped,
        long messages,
        long violations,
        long samplesLost) {}
