package io.busbar.web.api.config;

import io.busbar.web.api.session.Sessions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The configuration, checked.
 *
 * @param serverName what the login page names
 * @param allowedHosts names that the server answers to besides loopback and the address it is
 *     reached at, in lower case
 * @param maxImportBytes largest import
 * @param maxStreams live streams in all
 * @param maxStreamsPerSession live streams of one session
 */
public record Settings(
        String serverName,
        Set<String> allowedHosts,
        Sessions.Limits sessions,
        int maxImportBytes,
        int maxStreams,
        int maxStreamsPerSession) {

    /**
     * Reads and checks a configuration; a value out of bounds names its key.
     *
     * @param boundHost the name or address that the web server was told to listen at; empty if
     *     unknown
     */
    public static Settings of(Config config, String boundHost) {
        String hostName = hostName();
        Set<String> hosts = new TreeSet<>();
        if (!hostName.isEmpty()) {
            hosts.add(hostName.toLowerCase(Locale.ROOT));
        }
        if (!boundHost.isBlank()) {
            hosts.add(boundHost.strip().toLowerCase(Locale.ROOT));
        }
        Arrays.stream(config.allowed_hosts())
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .forEach(hosts::add);
        String name = config.server_name().strip();
        return new Settings(
                !name.isEmpty() ? name : !hostName.isEmpty() ? hostName : "Busbar",
                Set.copyOf(hosts),
                new Sessions.Limits(
                        Duration.ofMinutes(
                                atLeast("session.idle.minutes", 1, config.session_idle_minutes())),
                        Duration.ofHours(
                                atLeast(
                                        "session.absolute.hours",
                                        1,
                                        config.session_absolute_hours())),
                        atLeast("sessions.maximum", 1, config.sessions_maximum()),
                        atLeast(
                                "sessions.maximum.per.user",
                                1,
                                config.sessions_maximum_per_user())),
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
            // A machine without a name in its own resolver: it is reached by address or by
            // allowed_hosts.
            return "";
        }
    }
}
