package io.busbar.web.api.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The configuration as the interface uses it; {@link Config} has the bounds.
 *
 * @param serverName the name of the server on the login page
 * @param maxImportBytes largest import, in bytes
 * @param maxExports most exports at once
 * @param maxStreams most live streams at once
 * @param maxStreamsPerUser most live streams of one user
 * @param maxStreamsPerSession most live streams of one session
 * @param stalledSeconds seconds after which a stream that nobody reads ends
 * @param history what is remembered of connections
 */
public record Settings(
        String serverName,
        long maxImportBytes,
        int maxExports,
        int maxStreams,
        int maxStreamsPerUser,
        int maxStreamsPerSession,
        int stalledSeconds,
        History history) {
    /**
     * What is remembered of connections that clients had.
     *
     * @param clients most clients
     * @param connectionsPerClient most connections of a client
     * @param bytes most bytes of memory
     */
    public record History(int clients, int connectionsPerClient, long bytes) {}

    /** Reads a configuration. */
    public static Settings of(Config config) {
        String name = config.server_name().strip();
        String hostName = hostName();
        return new Settings(
                !name.isEmpty() ? name : !hostName.isEmpty() ? hostName : "Busbar",
                config.import_maximum_bytes(),
                config.exports_maximum(),
                config.streams_maximum(),
                config.streams_maximum_per_user(),
                config.streams_maximum_per_session(),
                config.streams_stalled_seconds(),
                new History(
                        config.history_clients_maximum(),
                        config.history_connections_maximum(),
                        config.history_maximum_bytes()));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A machine without a name in its own resolver.
            return "";
        }
    }
}
