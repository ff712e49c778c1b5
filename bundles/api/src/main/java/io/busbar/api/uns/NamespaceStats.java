package io.busbar.api.uns;

/**
 * Sizes and counters of the namespace.
 *
 * @param unmodeledDropped topics that were not remembered because the limit of unmodelled topics
 *     was reached
 */
public record NamespaceStats(
        long paths,
        long topics,
        long unmodeled,
        long unmodeledDropped,
        long messages,
        long violations) {}
