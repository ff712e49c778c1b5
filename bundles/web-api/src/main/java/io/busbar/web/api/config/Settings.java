package io.busbar.web.api.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The configuration after it was checked.
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

    /** Reads and checks a configuration; a value out of bounds names its key. */
    public static Settings of(Config config) {
        String name = config.server_name().strip();
        String hostName = hostName();
        return new Settings(
                !name.isEmpty() ? name : !hostName.isEmpty() ? hostName : "Busbar",
                atLeast("import.maximum.bytes", 1024, config.import_maximum_bytes()),
                (int) atLeast("exports.maximum", 1, config.exports_maximum()),
                (int) atLeast("streams.maximum", 1, config.streams_maximum()),
                (int) atLeast("streams.maximum.per.user", 1, config.streams_maximum_per_user()),
                (int)
                        atLeast(
                                "streams.maximum.per.session",
                                1,
                                config.streams_maximum_per_session()),
                (int) atLeast("streams.stalled.seconds", 1, config.streams_stalled_seconds()));
    }

    private static long atLeast(String key, long least, long value) {
        if (value < least) {
            throw new IllegalArgumentException(
                    key + ": " + value + " (expected: at least " + least + ")");
        }
        return value;
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
