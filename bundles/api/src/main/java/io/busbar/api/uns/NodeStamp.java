package io.busbar.api.uns;

import io.busbar.api.audit.Actor;
import java.time.Instant;

/**
 * Who made a version of a node, and when.
 *
 * @param revision grows with every change
 */
public record NodeStamp(
        Instant createdAt, String createdBy, Instant updatedAt, String updatedBy, long revision) {

    /** Of a node that somebody makes now. */
    public static NodeStamp created(Instant now, Actor actor) {
        return new NodeStamp(now, actor.name(), now, actor.name(), 1);
    }

    /** Of a version that somebody makes of this one now; the store gives it its revision. */
    public NodeStamp updated(Instant now, Actor actor) {
        return new NodeStamp(createdAt, createdBy, now, actor.name(), revision);
    }

    /** The same with the revision that the store gave it. */
    public NodeStamp withRevision(long newRevision) {
        return new NodeStamp(createdAt, createdBy, updatedAt, updatedBy, newRevision);
    }
}
