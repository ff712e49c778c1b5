package io.busbar.mqtt.broker.session;

import io.busbar.api.storage.QueuedMessage;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.limit.StoredLimits;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.memory.Footprint;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the next messages of a queue in memory while the rest, its tail, is in the store alone.
 *
 * <p>A new message goes into the window only if nothing is between them: the tail is empty, and no
 * page is being read. Otherwise it is only stored, and comes with a page. Pages begin where the
 * window ends, and what can be seen of a queue is always its beginning, so none is missed and none
 * comes twice. A page may be empty because nothing of the tail can be seen yet: then the commits on
 * their way are waited for. Confined to the session's loop.
 */
final class Window {
    private static final Logger LOG = LoggerFactory.getLogger(Window.class);

    private final Session session;
    private final Outbound outbound;
    private final OwedMessages owed;
    private final StoredLimits limits;

    /** Whether what is in flight has been loaded, and the session still is connected. */
    private boolean begun;

    /** A page is being read, or what has to be visible is being waited for. */
    private boolean reading;

    private boolean filling;

    /** Whether the last page could not be read: said once. */
    private boolean failing;

    /** Whether all that was stored is visible, and nothing was found nevertheless. */
    private boolean settled;

    /** The last sequence number that is or was in the window. */
    private long last;

    Window(Session session, Outbound outbound, OwedMessages owed, StoredLimits limits) {
        this.session = session;
        this.outbound = outbound;
        this.owed = owed;
        this.limits = limits;
    }

    /** What is in flight is there. */
    void begin() {
        begun = true;
    }

    boolean isBegun() {
        return begun;
    }

    /** The session goes without it: what is still being read is not wanted any more. */
    void end() {
        begun = false;
    }

    /** A message was added to the window. */
    void added(long sequence) {
        last = sequence;
    }

    /** Whether a new message may be added, and has not to go behind others. */
    boolean takes(Routed routed) {
        return begun
                && !reading
                && session.tailMessages() == 0
                && (owed.unsentCount() == 0
                        || owed.unsentCount() < limits.windowMessages()
                                && owed.unsentStoredBytes() + routed.message().sizeBytes()
                                        <= limits.windowBytes())
                && hasMemory(routed.footprint() + Footprint.OWED);
    }

    /** Whether there is memory; always for one message, or a session could not go on at all. */
    private boolean hasMemory(long more) {
        long held = Math.max(owed.bytes(), session.holder().queued());
        return owed.count() == 0 || session.loop().queues().hasRoom(held, more);
    }

    /** Reads on if little is left and there is more. */
    void fill() {
        if (filling) {
            return;
        }
        filling = true;
        try {
            while (begun && !reading && session.tailMessages() > 0 && isLow()) {
                read();
            }
        } finally {
            filling = false;
        }
    }

    private boolean isLow() {
        return hasMemory(Footprint.OWED)
                && (owed.unsentCount() == 0
                        || owed.unsentCount() * 2 <= limits.windowMessages()
                                && owed.unsentStoredBytes() * 2 <= limits.windowBytes());
    }

    private void read() {
        reading = true;
        long bytes = Math.max(1, limits.windowBytes() - owed.unsentStoredBytes());
        int free = Math.max(1, limits.windowMessages() - owed.unsentCount());
        // Memory is short: one after the other.
        int count = hasMemory(bytes + (long) free * Footprint.OWED) ? free : 1;
        long from = last + 1;
        session.read(
                view -> view.queue(session.number(), from, count, bytes),
                (page, failure) -> {
                    if (begun) {
                        came(page, failure);
                    }
                });
    }

    private void came(@Nullable List<QueuedMessage> page, @Nullable Throwable failure) {
        if (page == null) {
            if (!failing) {
                failing = true;
                LOG.error(
                        "Queued messages cannot be read; it is tried again (clientId={}): {}",
                        session.clientId(),
                        String.valueOf(failure));
            }
            session.loop().atNextTick(this::again);
            return;
        }
        failing = false;
        if (page.isEmpty()) {
            nothing();
            return;
        }
        settled = false;
        for (QueuedMessage each : page) {
            outbound.add(each);
        }
        outbound.trim();
        reading = false;
        outbound.goOn();
    }

    /** Nothing of what is there can be seen. */
    private void nothing() {
        if (settled) {
            LOG.error(
                    "Queued messages are not in the store any more (clientId={}, count={})",
                    session.clientId(),
                    session.tailMessages());
            session.forgetTail();
            settled = false;
            reading = false;
            return;
        }
        Loop loop = session.loop();
        loop.settled(
                session.clientId(),
                failure -> {
                    if (failure == null) {
                        settled = true;
                        session.execute(this::again);
                    } else {
                        // The store writes what it could not as soon as it can again.
                        session.whenWritten(() -> session.loop().atNextTick(this::again));
                    }
                });
    }

    private void again() {
        reading = false;
        outbound.goOn();
    }
}
