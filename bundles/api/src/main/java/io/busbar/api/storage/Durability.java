package io.busbar.api.storage;

/** What a committed change survives. */
public enum Durability {
    /** May be lost with the process. */
    MEMORY,
    /** Survives the end of the process, kill -9 included. */
    PROCESS,
    /** Survives the loss of power of one machine, or the loss of one node in a cluster. */
    SAFE
}
