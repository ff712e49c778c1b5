package io.busbar.mqtt.broker.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a session that is there while its client is connected, or about to be: its connection
 * and the messages to it. Confined to the session's loop, except for {@link #attached}.
 */
final class Presence {
    /** The connection, or null. */
    volatile @Nullable Attached attached;

    /** The messages to the client. */
    final Outbound outbound;

    /** Bytes that are counted for the connection. */
    long held;

    // While the session has just moved: what came directly waits until all has arrived that went by
    // the old loop.
    private @Nullable List<Runnable> fenced;

    Presence(Outbound outbound) {
        this.outbound = outbound;
    }

    // ---- moving

    void fence() {
        fenced = new ArrayList<>();
    }

    /** Where deliveries wait; null if they do not. */
    @Nullable List<Runnable> fenced() {
        return fenced;
    }

    void unfence() {
        List<Runnable> held = fenced;
        fenced = null;
        if (held != null) {
            held.forEach(Runnable::run);
        }
    }
}
