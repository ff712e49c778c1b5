package io.busbar.api.uns;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a node is and where it stands.
 *
 * @param id UUIDv7; survives a rename
 * @param parentId null at the root
 * @param name one level: see {@link NodeName}
 * @param path all levels, which for a topic is byte for byte its MQTT topic
 * @param alias unique, made once, never changed
 */
public record NodeIdentity(
        UUID id, @Nullable UUID parentId, NodeType type, String name, String path, String alias) {

    /** The same node at another path, because a node above it has a new name. */
    public NodeIdentity withPath(String newPath) {
        return new NodeIdentity(id, parentId, type, name, newPath, alias);
    }

    /** The same node under another name, at the same place. */
    public NodeIdentity withName(String newName) {
        String above = path.substring(0, path.length() - name.length());
        return new NodeIdentity(id, parentId, type, newName, above + newName, alias);
    }

    /** The same node as something else: a path that becomes a topic. */
    public NodeIdentity withType(NodeType newType) {
        return new NodeIdentity(id, parentId, newType, name, path, alias);
    }
}
