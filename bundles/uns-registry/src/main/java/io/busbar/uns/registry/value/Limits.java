package io.busbar.uns.registry.value;

/**
 * How much is read and remembered.
 *
 * @param maxPayloadBytes larger payloads are not read; of them so many bytes are kept for people to
 *     look at
 * @param maxFutureMicros how far ahead of the server's clock a source's time may be
 * @param unmodeledTopics topics without a model that are remembered
 * @param unmodeledBytes bytes of their payloads that are kept in all
 * @param samplesQueueBytes bytes of samples that wait for one slow listener
 */
public record Limits(
        int maxPayloadBytes,
        long maxFutureMicros,
        int unmodeledTopics,
        long unmodeledBytes,
        long samplesQueueBytes) {}
