package io.busbar.api.uns;

/** What a node of the namespace is. */
public enum NodeType {
    /** A level that holds others. */
    PATH,
    /** A topic that values arrive under. */
    TOPIC
}
