package io.busbar.api.uns.spi;

import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Knows the models of topics whose model stands somewhere else than in their node. Published as a
 * service; the one of the highest service ranking is asked first, the node itself last.
 *
 * <p>Asked when a topic is put under its node: at the start, when the node has changed, and for all
 * topics when a source comes, goes or changes its service properties. Between that the answer has
 * to stay the same: a source that has learnt something new changes a service property.
 */
@ConsumerType
public interface ModelSource {
    /**
     * The model that payloads of a topic are held against, or null if this source has none for it.
     * Must be quick. One that throws is logged and passed over.
     */
    @Nullable Model modelOf(Node node);
}
