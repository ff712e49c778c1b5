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
 */
public record Settings(
        String serverName,
        long maxImportBytes,
        int maxExports,
        int maxStreams,
        int maxStreamsPerUser,
        int maxStreamsPerSession,
        int stalledSeconds) {

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
                config.streams_stalled_seconds());
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
