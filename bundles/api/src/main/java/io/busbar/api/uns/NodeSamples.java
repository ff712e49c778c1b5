package io.busbar.api.uns;

import java.time.Instant;
import java.util.List;

/**
 * What one message brought for one node.
 *
 * @param node the node as it was when the message came
 * @param receivedAt when the server got the message
 * @param samples in the order of the payload; at least one
 * @param lostBefore how many messages of this node are missing between these samples and the last
 *     ones that were handed over; see {@link io.busbar.api.uns.spi.SampleListener}
 */
public record NodeSamples(Node node, Instant receivedAt, List<Sample> samples, long lostBefore) {
    public NodeSamples {
        samples = List.copyOf(samples);
    }

    /** The same with another number of messages lost before. */
    public NodeSamples withLostBefore(long newLostBefore) {
        return new NodeSamples(node, receivedAt, samples, newLostBefore);
    }
}
