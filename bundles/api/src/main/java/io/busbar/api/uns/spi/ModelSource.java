package io.busbar.api.uns.spi;

import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Supplies the models of topics whose model is not stored in their node. Published as a service.
 * The source with the highest {@code service.ranking} is asked first, the node itself last.
 *
 * <p>A source is asked when a topic is assigned to its node: at the start, when the node has
 * changed, and for all topics when a source comes, goes or changes its service properties. Between
 * these moments its answer must stay the same. A source whose models have changed must change one
 * of its service properties, so that it is asked again.
 */
@ConsumerType
public interface ModelSource {
    /**
     * Returns the model against which the payloads of a topic are checked, or null if this source
     * has none for it. Must be fast. If it throws an exception, this is logged and the next source
     * is asked.
     */
    @Nullable Model modelOf(Node node);
}
