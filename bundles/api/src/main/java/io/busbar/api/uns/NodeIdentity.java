package io.busbar.api.uns;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a node: its id, its type and its place in the tree.
 *
 * @param id a UUIDv7; stays the same when the node is renamed
 * @param parentId the parent's id; null at the root
 * @param type PATH or TOPIC
 * @param name the last level of the path, see {@link NodeName}
 * @param path all levels, separated by '/'; for a TOPIC exactly its MQTT topic, unless it has a
 *     {@link NodePayload#wireTopic}
 * @param alias a unique short name that never changes
 */
public record NodeIdentity(
        UUID id, @Nullable UUID parentId, NodeType type, String name, String path, String alias) {

    /** Returns this with another path, because a node above it was renamed. */
    public NodeIdentity withPath(String newPath) {
        return new NodeIdentity(id, parentId, type, name, newPath, alias);
    }

    /** Returns this below another node, with the last level of the new path as its name. */
    public NodeIdentity withPlace(@Nullable UUID newParentId, String newPath) {
        String newName = newPath.substring(newPath.lastIndexOf('/') + 1);
        return new NodeIdentity(id, newParentId, type, newName, newPath, alias);
    }

    /** Returns this with another name, below the same parent. */
    public NodeIdentity withName(String newName) {
        String above = path.substring(0, path.length() - name.length());
        return new NodeIdentity(id, parentId, type, newName, above + newName, alias);
    }

    /** Returns this with another type: a PATH may become a TOPIC. */
    public NodeIdentity withType(NodeType newType) {
        return new NodeIdentity(id, parentId, newType, name, path, alias);
    }
}
