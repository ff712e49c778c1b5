package io.busbar.api.uns;

import io.busbar.api.audit.Actor;
import java.time.Instant;

/**
 * Who created and last changed a node, and when.
 *
 * @param createdBy name of the actor that created the node
 * @param updatedBy name of the actor of the last change
 * @param revision increases with every change
 */
public record NodeStamp(
        Instant createdAt, String createdBy, Instant updatedAt, String updatedBy, long revision) {

    /** Creates the stamp of a new node. */
    public static NodeStamp created(Instant now, Actor actor) {
        return new NodeStamp(now, actor.name(), now, actor.name(), 1);
    }

    /**
     * Returns the stamp after a change. The revision stays the same: the store sets the new one.
     */
    public NodeStamp updated(Instant now, Actor actor) {
        return new NodeStamp(createdAt, createdBy, now, actor.name(), revision);
    }

    /** Returns this with the revision that the store has set. */
    public NodeStamp withRevision(long newRevision) {
        return new NodeStamp(createdAt, createdBy, updatedAt, updatedBy, newRevision);
    }
}
