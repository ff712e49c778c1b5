package io.busbar.uns.registry.value;

/**
 * Limits on what is read and remembered.
 *
 * @param maxPayloadBytes larger payloads are not read; this many of their bytes are kept for people
 *     to look at
 * @param maxFutureMicros how far a source's time may be ahead of the server's clock, in
 *     microseconds
 * @param unmodeledTopics most topics without a node that are remembered
 * @param unmodeledBytes most bytes of the heap that all these topics take together
 * @param samplesQueueBytes most bytes of samples that wait for one slow listener
 * @param recentPayloads how many payloads of a topic are kept, the last one included, to propose
 *     models from
 * @param violationsKept how many kinds of violations of a topic are kept
 */
public record Limits(
        int maxPayloadBytes,
        long maxFutureMicros,
        int unmodeledTopics,
        long unmodeledBytes,
        long samplesQueueBytes,
        int recentPayloads,
        int violationsKept) {
    /** As many payloads as {@code recent.payloads} has by default. */
    static final int RECENT_PAYLOADS = 20;

    /** As many kinds of violations as {@code violations.kept} has by default. */
    static final int VIOLATIONS_KEPT = 16;

    /** Limits with as many payloads to propose models from, and kinds of violations, as usual. */
    public Limits(
            int maxPayloadBytes,
            long maxFutureMicros,
            int unmodeledTopics,
            long unmodeledBytes,
            long samplesQueueBytes) {
        this(
                maxPayloadBytes,
                maxFutureMicros,
                unmodeledTopics,
                unmodeledBytes,
                samplesQueueBytes,
                RECENT_PAYLOADS,
                VIOLATIONS_KEPT);
    }
}
