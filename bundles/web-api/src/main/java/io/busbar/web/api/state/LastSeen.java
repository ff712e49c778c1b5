package io.busbar.web.api.state;

import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.spi.ClientEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers the last state of clients that have disconnected. In memory and bounded. Thread-safe.
 */
public final class LastSeen {
    private static final int MAX_CLIENTS = 10_000;

    private final Map<String, Departure> departures =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Departure> eldest) {
                    return size() > MAX_CLIENTS;
                }
            };

    /** Notes what happened to a client. */
    public synchronized void onEvent(ClientEvent event) {
        if (event instanceof ClientEvent.Disconnected gone) {
            departures.remove(gone.client().clientId());
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
