package io.busbar.api.uns.spi;

import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeSamples;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Receives every sample, e.g. to build a history. Published as a service. A {@link ValueListener}
 * gets only the latest value from time to time. A sample listener gets the values of every message,
 * one by one, in the order in which the messages of a node arrived.
 *
 * <p><b>What is delivered.</b> One {@link NodeSamples} for every message of a node that the
 * listener {@link #wants}. It holds every value that the payload has for a field of the model, or
 * all values if the node has no model. A value that does not fit the model has quality Bad and no
 * text. Some messages and values are not delivered and do not count as lost: messages that cannot
 * be read at all, topics without a node, values that the model does not define, retained messages
 * from before the start, and the last payload when it is read again after a model has changed.
 *
 * <p>They come as the messages arrived, which need not be how their values were measured: a source
 * may send what it has buffered. Such values are marked ({@link io.busbar.api.uns.Sample#late}).
 *
 * <p><b>What can be lost.</b> Each listener has its own thread and its own bounded queue. A message
 * is lost for a listener, and counted, if
 *
 * <ol>
 *   <li>the broker's queue to the namespace overflowed, which keeps only the latest message of each
 *       topic,
 *   <li>the listener's own queue is full because the listener is too slow, or
 *   <li>the listener threw an exception: all messages of that call count as lost.
 * </ol>
 *
 * <p>The number comes with the next samples of the same node ({@link NodeSamples#lostBefore}), so
 * that a history can mark the gap. If the broker's queue overflowed with more topics than it can
 * tell apart, the number comes with {@link #onLost}. {@link
 * io.busbar.api.uns.NamespaceStats#samplesLost} is the sum over all listeners. When the server
 * stops, waiting samples are still delivered if that takes no more than five seconds; nothing is
 * kept for the next start.
 */
@ConsumerType
public interface SampleListener {
    /**
     * Returns whether the listener wants samples of a node. What the node itself says of its
     * history need not be what holds: see {@link io.busbar.api.uns.Namespace#policyOf}. Called for
     * every message, on the thread that feeds the namespace, so it must answer at once and without
     * input or output. If it does not, it is interrupted and left alone for a while, like a {@link
     * PayloadReader}; what it may have wanted counts as lost.
     */
    default boolean wants(Node node) {
        return true;
    }

    /**
     * Called with samples of at most a few thousand messages. Always called on the same thread. May
     * block; further samples wait in the queue meanwhile.
     */
    void onSamples(List<NodeSamples> batch);

    /**
     * Called when messages were lost and their topics are not known. Some of them may not have
     * belonged to a node. Called before the samples that arrived after them.
     *
     * @param messages how many messages were lost
     */
    default void onLost(long messages) {}
}
