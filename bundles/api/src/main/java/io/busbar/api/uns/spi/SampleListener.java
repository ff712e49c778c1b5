package io.busbar.api.uns.spi;

import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeSamples;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Follows every sample: what a history is made of. Published as a service. Where {@link
 * ValueListener} hears the latest value now and then, this one hears of every message, one by one,
 * in the order in which they came for a node.
 *
 * <p><b>What comes.</b> For every message of a node that it {@link #wants}, one {@link NodeSamples}
 * with every value that the payload has for a field of the model, or with all values if the node
 * has no model. A value that does not fit comes as Bad and without its text. Not handed over, and
 * not missing either: messages that cannot be read at all, topics without a node, values that the
 * model does not know, retained messages from before the start, and the last payload when it is
 * read anew because a model has changed.
 *
 * <p><b>What can be lost.</b> Each listener has a thread and a bounded queue of its own. A message
 * is lost for it, and counted, if
 *
 * <ol>
 *   <li>the broker's queue to the namespace overflowed, which keeps only the latest message of each
 *       topic,
 *   <li>the listener's own queue is full, because it is too slow, or
 *   <li>the listener threw: all messages of that call count as lost.
 * </ol>
 *
 * The number comes with the next samples of the same node ({@link NodeSamples#lostBefore}), so that
 * a gap can be marked where it is. If the broker's queue overflowed with more topics than it can
 * tell apart, the number comes with {@link #onLost}. {@link
 * io.busbar.api.uns.NamespaceStats#samplesLost} is the sum over all listeners. When the server
 * stops, what waits is handed over if that takes no more than five seconds; nothing is kept for the
 * next start.
 */
@ConsumerType
public interface SampleListener {
    /**
     * Whether samples of a node are wanted. Asked for every message, on the thread that feeds the
     * namespace: answer from the node or from memory.
     */
    default boolean wants(Node node) {
        return true;
    }

    /**
     * Takes samples, at most some thousand messages at once. Called on one thread. May block; what
     * comes meanwhile waits in the queue.
     */
    void onSamples(List<NodeSamples> batch);

    /**
     * Messages were lost of which it is not known under which topics; some may not be of a node.
     * Called before the samples that came after them.
     */
    default void onLost(long messages) {}
}
