package io.busbar.web.api.state;

import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.web.api.config.Settings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who was connected, from when to when, and why each connection ended: the latest connections of
 * each client, also of those that left no session behind. In memory and bounded; beyond, the oldest
 * connections of a client go, and clients that nobody asked for or heard of longest. Thread-safe.
 */
public final class ConnectionHistory {
    /** A connection with the client's state, beside its texts. */
    private static final int CONNECTION_BYTES = 700;

    private final int perClient;
    private final Remembered<List<Connection>> clients;
    private long noted;
    private long kept;

    /**
     * Remembers nobody yet.
     *
     * @param account is asked before more is remembered
     */
    public ConnectionHistory(Settings.History bounds, MemoryAccount account) {
        this.perClient = bounds.connectionsPerClient();
        this.clients =
                new Remembered<>(
                        bounds.clients(),
                        bounds.bytes(),
                        account,
                        ConnectionHistory::bytesOf,
                        (clientId, gone) -> kept -= gone.size());
    }

    /** Notes what happened to a client. */
    public synchronized void onEvent(ClientEvent event) {
        if (event instanceof ClientEvent.Connected connected) {
            note(connected.client(), connected.sessionPresent(), null);
        } else if (event instanceof ClientEvent.Disconnected gone) {
            note(
                    gone.client(),
                    null,
                    new End(
                            gone.at(),
                            gone.cause(),
                            gone.reason(),
                            gone.text(),
                            gone.actor() == null ? null : gone.actor().name()));
        }
    }

    private void note(ClientView client, @Nullable Boolean sessionPresent, @Nullable End end) {
        List<Connection> known = clients.get(client.clientId());
        List<Connection> all = new ArrayList<>(perClient + 1);
        Connection begun = null;
        for (Connection each : known == null ? List.<Connection>of() : known) {
            if (each.isOf(client)) {
                begun = each;
            } else {
                all.add(each);
            }
        }
        all.add(
                begun == null
                        ? new Connection(++noted, client, sessionPresent, end)
                        : new Connection(begun.id(), client, begun.sessionPresent(), end));
        List<Connection> latest =
                List.copyOf(all.subList(Math.max(0, all.size() - perClient), all.size()));
        clients.put(client.clientId(), latest);
        kept += latest.size();
    }

    /** The connections of a client that are still known, oldest first. */
    public synchronized List<Connection> of(String clientId) {
        List<Connection> known = clients.get(clientId);
        return known == null ? List.of() : known;
    }

    /** The latest connection of a client that has ended. */
    public Optional<Connection> lastEnded(String clientId) {
        return of(clientId).stream()
                .filter(connection -> connection.end() != null)
                .reduce((older, newer) -> newer);
    }

    /** All connections that are known, client by client. */
    public List<Connection> list() {
        List<List<Connection>> snapshot;
        synchronized (this) {
            snapshot = clients.values();
        }
        return snapshot.stream().flatMap(List::stream).toList();
    }

    /** How many connections were forgotten because of the bounds. */
    public synchronized long forgotten() {
        return noted - kept;
    }

    private static long bytesOf(List<Connection> connections) {
        long bytes = 0;
        for (Connection each : connections) {
            String text = each.end() == null ? null : each.end().text();
            bytes += CONNECTION_BYTES + 2L * (text == null ? 0 : text.length());
        }
        return bytes;
    }

    /**
     * A connection of a client.
     *
     * @param id grows with each connection that begins
     * @param client the client at the end of its connection; until then, as it connected
     * @param sessionPresent whether it continued a session; null if its begin was not seen
     * @param end null while it lasts
     */
    public record Connection(
            long id, ClientView client, @Nullable Boolean sessionPresent, @Nullable End end) {
        private boolean isOf(ClientView other) {
            return client.connectedAt().equals(other.connectedAt())
                    && client.address().equals(other.address());
        }

        /** When the last thing happened to it: its end, or else its begin. */
        public Instant at() {
            return end == null ? client.connectedAt() : end.at();
        }
    }

    /**
     * The end of a connection.
     *
     * @param text further explanation, or null
     * @param by who ended it, if somebody did
     */
    public record End(
            Instant at,
            ClientEvent.Cause cause,
            ReasonCode reason,
            @Nullable String text,
            @Nullable String by) {
        /** Why it ended, for people. */
        public String reasonText() {
            return switch (cause) {
                case CLIENT -> "Client disconnected";
                case CONNECTION_LOST -> "Connection lost";
                case KEEP_ALIVE_TIMEOUT -> "Keep alive timeout";
                case TAKEN_OVER -> "Taken over by another connection";
                case PROTOCOL_ERROR -> "Protocol error: " + reason.text();
                case LIMIT -> "Limit exceeded: " + reason.text();
                case ADMINISTRATOR -> "Disconnected by an administrator";
                case SERVER_STOPPING -> "Server stopped";
            };
        }
    }
}
