package io.busbar.web.api.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The configuration after it was checked.
 *
 * @param serverName the name of the server on the login page
 * @param maxImportBytes largest import, in bytes
 * @param maxStreams most live streams in all
 * @param maxStreamsPerSession most live streams of one session
 */
public record Settings(
        String serverName, int maxImportBytes, int maxStreams, int maxStreamsPerSession) {

    /** Reads and checks a configuration; a value out of bounds names its key. */
    public static Settings of(Config config) {
        String name = config.server_name().strip();
        String hostName = hostName();
        return new Settings(
                !name.isEmpty() ? name : !hostName.isEmpty() ? hostName : "Busbar",
                atLeast("import.maximum.bytes", 1024, config.import_maximum_bytes()),
                atLeast("streams.maximum", 1, config.streams_maximum()),
                atLeast("streams.maximum.per.session", 1, config.streams_maximum_per_session()));
    }

    private static int atLeast(String key, int least, int value) {
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
