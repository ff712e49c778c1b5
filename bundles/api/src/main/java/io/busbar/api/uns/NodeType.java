package io.busbar.api.uns;

/** What a node of the namespace is. */
public enum NodeType {
    /** A folder that contains other nodes. */
    PATH,
    /** A topic that receives values. */
    TOPIC
}
