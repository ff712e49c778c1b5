package io.busbar.mqtt.broker.session;

import io.busbar.api.memory.MemoryHolder;
import io.busbar.api.memory.MemoryReclaimer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the client to disconnect when too much waits for clients that do not read: of the identity
 * whose clients together hold most, the one that holds most. Thread-safe.
 */
public final class SlowClients implements MemoryReclaimer {
    /** Less is not worth it, for an identity and for a client. */
    private static final long MIN_BYTES = 64 << 10;

    private static final long MIN_BYTES_OF_CLIENT = 4 << 10;

    /** Who takes something now and then is slow, but not asleep. */
    private static final long ASLEEP_NANOS = 1_000_000_000;

    private final Sessions sessions;

    /** Looks among these. */
    public SlowClients(Sessions sessions) {
        this.sessions = sessions;
    }

    private static final class Identity {
        long bytes;
        long most;
        @Nullable Session slowest;
    }

    @Override
    public @Nullable MemoryHolder largest() {
        Map<String, Identity> identities = new HashMap<>();
        Identity largest = null;
        for (Session session : sessions.all()) {
            Attached attached = session.attached();
            if (attached == null || attached.stalledNanos() < ASLEEP_NANOS) {
                continue;
            }
            long pending = attached.pendingBytes();
            if (pending >= MIN_BYTES_OF_CLIENT) {
                Identity identity =
                        identities.computeIfAbsent(session.principal().id(), id -> new Identity());
                identity.bytes += pending;
                if (pending > identity.most) {
                    identity.most = pending;
                    identity.slowest = session;
                }
                if (largest == null || identity.bytes > largest.bytes) {
                    largest = identity;
                }
            }
        }
        Session slowest = largest == null ? null : largest.slowest;
        return slowest == null || largest.bytes < MIN_BYTES
                ? null
                : new MemoryHolder(
                        slowest.clientId(), largest.bytes, largest.most, () -> cut(slowest));
    }

    private static void cut(Session session) {
        session.execute(
                () -> {
                    Attached attached = session.attached();
                    if (attached != null && attached.stalledNanos() >= ASLEEP_NANOS) {
                        attached.cut();
                    }
                });
    }
}
