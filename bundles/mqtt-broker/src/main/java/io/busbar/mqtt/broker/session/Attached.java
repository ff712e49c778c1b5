package io.busbar.mqtt.broker.session;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Principal;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.ReasonCode;
import org.jspecify.annotations.Nullable;

/** The Network Connection of a session, as the session sees it. */
public interface Attached {
    /**
     * Tells the client why, if its version can, and closes; called on the session's loop. The
     * session is detached when it returns.
     */
    void end(ReasonCode reason, @Nullable String text, ClientEvent.Cause cause);

    /** The same because somebody wants it: {@link ClientEvent.Cause#ADMINISTRATOR}. */
    void end(ReasonCode reason, String text, Actor actor);

    /** Bytes that its client has not taken; any thread, a moment old. */
    long pendingBytes();

    /** For how long its client has taken nothing of them, in nanoseconds; any thread. */
    long stalledNanos();

    /**
     * Ends it because the server needs the memory of what its client has not taken: recorded, and
     * closed without waiting for the client; called on the session's loop.
     */
    void cut();

    /** The client has this identity from now on; called on the session's loop. */
    void identified(Principal principal);

    /** What is known of it now; any thread. */
    ClientView view();

    /** IP address and port. */
    String address();
}
