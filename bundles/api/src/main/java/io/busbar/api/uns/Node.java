package io.busbar.api.uns;

import java.util.UUID;

/**
 * A node of the namespace: a folder or a topic. Immutable; each change creates a new version.
 *
 * @param identity its id, type and path
 * @param labels names and descriptions for people
 * @param payload how its payloads are read
 * @param policy what it says itself of how its values and those below are treated
 * @param stamp who created and last changed it
 */
public record Node(
        NodeIdentity identity,
        NodeLabels labels,
        NodePayload payload,
        NodePolicy policy,
        NodeStamp stamp) {

    /** See {@link NodeIdentity#id}. */
    public UUID id() {
        return identity.id();
    }

    /** See {@link NodeIdentity#type}. */
    public NodeType type() {
        return identity.type();
    }

    /** See {@link NodeIdentity#name}. */
    public String name() {
        return identity.name();
    }

    /** See {@link NodeIdentity#path}. */
    public String path() {
        return identity.path();
    }

    /** The MQTT topic of a TOPIC: its {@link NodePayload#wireTopic}, or else its path. */
    public String topic() {
        String wireTopic = payload.wireTopic();
        return wireTopic == null ? path() : wireTopic;
    }

    /** See {@link NodeStamp#revision}. */
    public long revision() {
        return stamp.revision();
    }

    /** Returns this with another identity. */
    public Node withIdentity(NodeIdentity newIdentity) {
        return new Node(newIdentity, labels, payload, policy, stamp);
    }

    /** Returns this with another payload. */
    public Node withPayload(NodePayload newPayload) {
        return new Node(identity, labels, newPayload, policy, stamp);
    }

    /** Returns this with another stamp. */
    public Node withStamp(NodeStamp newStamp) {
        return new Node(identity, labels, payload, policy, newStamp);
    }
}
