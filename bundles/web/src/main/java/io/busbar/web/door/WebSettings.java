package io.busbar.web.door;

import io.busbar.web.session.SessionLimits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The configuration after it was checked.
 *
 * @param allowedHosts further host names that the server answers to, in lower case. Loopback names
 *     and the IP address at which the request arrived are always allowed
 * @param sessions how long sessions last, and how many there may be
 */
public record WebSettings(Set<String> allowedHosts, SessionLimits sessions) {
    /**
     * Reads and checks a configuration. The error for a value out of bounds names its key.
     *
     * @param boundHost the name or address that the web server was told to listen at; empty if
     *     unknown
     */
    static WebSettings of(WebConfig config, String boundHost) {
        Set<String> hosts = new TreeSet<>();
        add(hosts, hostName());
        add(hosts, boundHost);
        Arrays.stream(config.allowed_hosts()).forEach(host -> add(hosts, host));
        return new WebSettings(
                Set.copyOf(hosts),
                new SessionLimits(
                        Duration.ofMinutes(
                                atLeastOne("session.idle.minutes", config.session_idle_minutes())),
                        Duration.ofHours(
                                atLeastOne(
                                        "session.absolute.hours", config.session_absolute_hours())),
                        atLeastOne("sessions.maximum", config.sessions_maximum()),
                        atLeastOne(
                                "sessions.maximum.per.user", config.sessions_maximum_per_user())));
    }

    private static void add(Set<String> hosts, String host) {
        if (!host.isBlank()) {
            hosts.add(host.strip().toLowerCase(Locale.ROOT));
        }
    }

    private static int atLeastOne(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: at least 1)");
        }
        return value;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A machine without a name in its own resolver: it is reached by address or by
            // allowed.hosts.
            return "";
        }
    }
}
