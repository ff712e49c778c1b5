package io.busbar.mqtt.transport.connection;

import io.busbar.api.mqtt.ReasonCode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The open connections of one listener. Thread-safe. */
public final class OpenLinks {
    private final Set<Link> links = ConcurrentHashMap.newKeySet();

    /** One of them. Any thread. */
    interface Link {
        /** The listener ends: the client is told. */
        void shutDown(ReasonCode reason);

        /** The deadline is over. */
        void abort();
    }

    void add(Link link) {
        links.add(link);
    }

    void remove(Link link) {
        links.remove(link);
    }

    /** How many there are. */
    public int size() {
        return links.size();
    }

    /** Tells all clients, waits until they are gone, and closes what is left after a while. */
    public void shutDown(ReasonCode reason, int millis) {
        for (Link link : links) {
            link.shutDown(reason);
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!links.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        for (Link link : links) {
            link.abort();
        }
    }
}
