package io.busbar.api.uns;

import java.util.UUID;

/** A place in the namespace, as one of its versions was. */
public record Node(
        NodeIdentity identity,
        NodeLabels labels,
        NodePayload payload,
        NodePolicy policy,
        NodeStamp stamp) {

    /** {@link NodeIdentity#id}. */
    public UUID id() {
        return identity.id();
    }

    /** {@link NodeIdentity#type}. */
    public NodeType type() {
        return identity.type();
    }

    /** {@link NodeIdentity#name}. */
    public String name() {
        return identity.name();
    }

    /** {@link NodeIdentity#path}. */
    public String path() {
        return identity.path();
    }

    /** {@link NodeStamp#revision}. */
    public long revision() {
        return stamp.revision();
    }

    /** The same with another identity. */
    public Node withIdentity(NodeIdentity newIdentity) {
        return new Node(newIdentity, labels, payload, policy, stamp);
    }

    /** The same with another payload. */
    public Node withPayload(NodePayload newPayload) {
        return new Node(identity, labels, newPayload, policy, stamp);
    }

    /** The same with another stamp. */
    public Node withStamp(NodeStamp newStamp) {
        return new Node(identity, labels, payload, policy, newStamp);
    }
}
