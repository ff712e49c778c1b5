package io.busbar.web.api.state;

import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.memory.MemoryAccount;
import java.util.Optional;

/**
 * Remembers the last state of clients that have disconnected. In memory and bounded. Thread-safe.
 */
public final class LastSeen {
    private static final int MAX_CLIENTS = 10_000;
    private static final long MAX_BYTES = 16 << 20;

    /** A client's state beside its address and the texts of its identity. */
    private static final int DEPARTURE_BYTES = 600;

    private final Remembered<Departure> departures;

    /**
     * Remembers nobody yet.
     *
     * @param account is asked before more is remembered
     */
    public LastSeen(MemoryAccount account) {
        this.departures =
                new Remembered<>(
                        MAX_CLIENTS,
                        MAX_BYTES,
                        account,
                        departure -> DEPARTURE_BYTES + 2L * departure.reason().length());
    }

    /** Notes what happened to a client. */
    public synchronized void onEvent(ClientEvent event) {
        if (event instanceof ClientEvent.Disconnected gone) {
            departures.put(gone.client().clientId(), new Departure(gone.client(), reason(gone)));
        } else if (event instanceof ClientEvent.Connected connected) {
            departures.remove(connected.client().clientId());
        } else if (event instanceof ClientEvent.SessionEnded ended) {
            departures.remove(ended.clientId());
        }
    }

    public synchronized Optional<Departure> of(String clientId) {
        return Optional.ofNullable(departures.get(clientId));
    }

    private static String reason(ClientEvent.Disconnected gone) {
        return switch (gone.cause()) {
            case CLIENT -> "Client disconnected";
            case CONNECTION_LOST -> "Connection lost";
            case KEEP_ALIVE_TIMEOUT -> "Keep alive timeout";
            case TAKEN_OVER -> "Taken over by another connection";
            case PROTOCOL_ERROR -> "Protocol error: " + gone.reason().text();
            case LIMIT -> "Limit exceeded: " + gone.reason().text();
            case ADMINISTRATOR -> "Disconnected by an administrator";
            case SERVER_STOPPING -> "Server stopped";
        };
    }

    /** A client's last state and why it disconnected. */
    public record Departure(ClientView client, String reason) {}
}
