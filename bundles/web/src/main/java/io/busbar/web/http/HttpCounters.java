package io.busbar.web.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What was refused over HTTP, and how often since the start. What clients do is counted here and
 * logged at DEBUG at most. Thread-safe.
 */
@ProviderType
public final class HttpCounters {
    /** Why a request or a connection got no further. */
    public enum Cause {
        /** Sent to a name that is not ours. */
        HOST_NOT_ALLOWED,
        /** A change that does not come from the console's own page. */
        ORIGIN_NOT_ALLOWED,
        /** Signing in after too many wrong passwords, of one account or of one address. */
        SIGN_IN_THROTTLED,
        /** No HTTP, or a body that is malformed or ended early. */
        MALFORMED_REQUEST,
        BODY_TOO_LARGE,
        BODY_TOO_SLOW,
        /** Bodies in memory, or in files, are as large or as many together as they may be. */
        BODIES_FULL,
        /** As many requests at once as there may be, of one address or in all. */
        TOO_MANY_REQUESTS,
        /** The answer was not taken in time; the connection was closed. */
        ANSWER_TOO_SLOW,
        /** As many connections at once as there may be, of one address or in all. */
        TOO_MANY_CONNECTIONS,
        /** Connected and sent no request in time. */
        NO_REQUEST,
        /** As many exports at once as there may be. */
        TOO_MANY_EXPORTS,
        /** As many live streams as there may be, of one user or in all. */
        TOO_MANY_STREAMS,
        /** A live stream that nobody read any more. */
        STREAM_TOO_SLOW
    }

    private final Map<Cause, LongAdder> counts = new EnumMap<>(Cause.class);

    public HttpCounters() {
        for (Cause cause : Cause.values()) {
            counts.put(cause, new LongAdder());
        }
    }

    /** Counts one. */
    public void count(Cause cause) {
        counts.get(cause).increment();
    }

    public long get(Cause cause) {
        return counts.get(cause).sum();
    }
}
