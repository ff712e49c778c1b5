package io.busbar.api.uns;

import io.busbar.api.audit.Actor;
import java.util.List;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who changed what of the nodes. The last {@link #KEPT} versions of each are kept, as long as the
 * node is there. Thread-safe; reads and changes access the disk. Errors as those of {@link
 * Namespace}.
 */
@ProviderType
public interface NodeHistory {
    /** How many versions of a node are kept beside the one of now. */
    int KEPT = 20;

    /** Returns the versions of a node, the one of now first. */
    List<NodeVersion> of(UUID id);

    /**
     * Gives a node the labels, payload and policy that it had. Its name, place and topic stay.
     *
     * @param expectedRevision the node's revision, or 0 for any
     * @param revision the version to put back, one that is kept
     * @return the node after the change
     */
    Node putBack(UUID id, long expectedRevision, long revision, Actor actor);
}
