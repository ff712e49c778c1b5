package io.busbar.api.storage;

/** What a committed change survives, from the weakest to the strongest. */
public enum Durability {
    /** Nothing: it is lost if the process ends. */
    MEMORY,
    /** The end of the process, including kill -9. */
    PROCESS,
    /** The loss of power of one machine, or the loss of one node in a cluster. */
    SAFE
}
