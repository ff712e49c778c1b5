package io.busbar.api.uns;

import java.time.Instant;
import java.util.List;

/**
 * The values that one message brought for one node. Passed to {@link
 * io.busbar.api.uns.spi.SampleListener}.
 *
 * @param node the node as it was when the message arrived
 * @param receivedAt when the server received the message
 * @param samples in the order of the payload; at least one
 * @param lostBefore how many messages of this node were lost between these samples and the previous
 *     ones that were delivered; see {@link io.busbar.api.uns.spi.SampleListener}
 */
public record NodeSamples(Node node, Instant receivedAt, List<Sample> samples, long lostBefore) {
    public NodeSamples {
        samples = List.copyOf(samples);
    }

    /** Returns this with another number of lost messages. */
    public NodeSamples withLostBefore(long newLostBefore) {
        return new NodeSamples(node, receivedAt, samples, newLostBefore);
    }
}
