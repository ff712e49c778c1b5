package io.busbar.mqtt.broker.call;

/** Whose thread it is that calls other people's code, and so who waits if that hangs. */
public enum Place {
    /** A loop that serves many clients: what hung on it is not called for a while. */
    EVENT_LOOP,

    /** A thread that does nothing else: only the one that hangs misses something. */
    OWN_THREAD
}
