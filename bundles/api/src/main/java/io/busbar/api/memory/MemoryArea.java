package io.busbar.api.memory;

/** A part of the process's memory with a maximum of its own. */
public enum MemoryArea {
    /** The Java heap: messages, sessions, subscriptions, values, bodies of HTTP requests. */
    HEAP,
    /** Buffers outside the heap: what was read from sockets, and what sockets have not taken. */
    DIRECT
}
