package io.busbar.uns.registry.tree;

import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.TopicType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes other versions of a node. */
public final class NodeCopy {
    private NodeCopy() {}

    public static Node withPath(Node n, String path) {
        return new Node(
                n.id(),
                n.parentId(),
                n.type(),
                n.name(),
                path,
                n.alias(),
                n.displayName(),
                n.description(),
                n.labels(),
                n.extendProperties(),
                n.isa95Level(),
                n.topicType(),
                n.payloadFormat(),
                n.model(),
                n.validation(),
                n.enableHistory(),
                n.staleAfterSeconds(),
                n.writable(),
                n.createdAt(),
                n.createdBy(),
                n.updatedAt(),
                n.updatedBy(),
                n.revision());
    }

    public static Node withRevision(Node n, long revision) {
        return new Node(
                n.id(),
                n.parentId(),
                n.type(),
                n.name(),
                n.path(),
                n.alias(),
                n.displayName(),
                n.description(),
                n.labels(),
                n.extendProperties(),
                n.isa95Level(),
                n.topicType(),
                n.payloadFormat(),
                n.model(),
                n.validation(),
                n.enableHistory(),
                n.staleAfterSeconds(),
                n.writable(),
                n.createdAt(),
                n.createdBy(),
                n.updatedAt(),
                n.updatedBy(),
                revision);
    }

    /** A path that becomes a topic, with all that is below it. */
    public static Node asTopic(
            Node n,
            TopicType topicType,
            PayloadFormat format,
            Model model,
            Instant now,
            String actor) {
        return new Node(
                n.id(),
                n.parentId(),
                NodeType.TOPIC,
                n.name(),
                n.path(),
                n.alias(),
                n.displayName(),
                n.description(),
                n.labels(),
                n.extendProperties(),
                n.isa95Level(),
                topicType,
                format,
                model,
                n.validation(),
                n.enableHistory(),
                n.staleAfterSeconds(),
                n.writable(),
                n.createdAt(),
                n.createdBy(),
                now,
                actor,
                n.revision());
    }

    /** The node after a change, under its new path if it has a new name. */
    public static Node changed(Node n, NodeChange change, Instant now, String actor) {
        String name = change.name() == null ? n.name() : change.name();
        int slash = n.path().lastIndexOf('/');
        return new Node(
                n.id(),
                n.parentId(),
                n.type(),
                name,
                n.path().substring(0, slash + 1) + name,
                n.alias(),
                text(change.displayName(), n.displayName()),
                text(change.description(), n.description()),
                change.labels() == null ? n.labels() : change.labels(),
                change.extendProperties() == null
                        ? n.extendProperties()
                        : change.extendProperties(),
                text(change.isa95Level(), n.isa95Level()),
                n.topicType(),
                change.payloadFormat() == null ? n.payloadFormat() : change.payloadFormat(),
                change.model() == null ? n.model() : change.model(),
                change.validation() == null ? n.validation() : change.validation(),
                change.enableHistory() == null ? n.enableHistory() : change.enableHistory(),
                change.staleAfterSeconds() == null
                        ? n.staleAfterSeconds()
                        : change.staleAfterSeconds(),
                change.writable() == null ? n.writable() : change.writable(),
                n.createdAt(),
                n.createdBy(),
                now,
                actor,
                n.revision());
    }

    private static @Nullable String text(@Nullable String changed, @Nullable String old) {
        return changed == null ? old : changed.isEmpty() ? null : changed;
    }
}
