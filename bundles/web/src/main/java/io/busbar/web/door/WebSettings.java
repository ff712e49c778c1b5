package io.busbar.web.door;

import io.busbar.web.jetty.ConnectionLimits;
import io.busbar.web.session.SessionLimits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The configuration after it was checked.
 *
 * @param machineNames names that the machine has by itself, in lower case
 * @param allowedHosts names that the operator gave the server, in lower case
 * @param trustedProxies proxies whose forwarding headers are believed
 * @param sessions how long sessions last, and how many there may be
 * @param requests how much requests may hold, and for how long
 * @param connections how many connections there may be
 */
public record WebSettings(
        Set<String> machineNames,
        Set<String> allowedHosts,
        TrustedProxies trustedProxies,
        SessionLimits sessions,
        RequestLimits requests,
        ConnectionLimits connections) {
    /**
     * Reads and checks a configuration. The error for a value out of bounds names its key.
     *
     * @param boundHost the name or address that the web server was told to listen at; empty if
     *     unknown
     */
    static WebSettings of(WebConfig config, String boundHost) {
        Set<String> machine = new TreeSet<>();
        add(machine, hostName());
        add(machine, boundHost);
        Set<String> named = new TreeSet<>();
        Arrays.stream(config.allowed_hosts()).forEach(host -> add(named, host));
        return new WebSettings(
                Set.copyOf(machine),
                Set.copyOf(named),
                new TrustedProxies(List.of(config.trusted_proxies())),
                new SessionLimits(
                        Duration.ofMinutes(
                                atLeast(1, "session.idle.minutes", config.session_idle_minutes())),
                        Duration.ofHours(
                                atLeast(
                                        1,
                                        "session.absolute.hours",
                                        config.session_absolute_hours())),
                        atLeast(1, "sessions.maximum", config.sessions_maximum()),
                        atLeast(
                                1,
                                "sessions.maximum.per.user",
                                config.sessions_maximum_per_user())),
                requests(config),
                connections(config));
    }

    private static RequestLimits requests(WebConfig config) {
        long bodies = config.bodies_maximum_bytes();
        if (bodies < 0) {
            throw new IllegalArgumentException(
                    "bodies.maximum.bytes: " + bodies + " (expected: at least 0)");
        }
        return new RequestLimits(
                atLeast(1, "body.timeout.seconds", config.body_timeout_seconds()),
                atLeast(1, "body.bytes.per.second", config.body_bytes_per_second()),
                bodies == 0 ? RequestLimits.DEFAULT.bodiesBytes() : bodies,
                atLeast(1, "bodies.maximum.files", config.bodies_maximum_files()),
                atLeast(1, "requests.maximum", config.requests_maximum()),
                atLeast(1, "requests.maximum.per.address", config.requests_maximum_per_address()));
    }

    private static ConnectionLimits connections(WebConfig config) {
        return ConnectionLimits.of(
                atLeast(0, "connections.maximum", config.connections_maximum()),
                atLeast(
                        0,
                        "connections.maximum.per.address",
                        config.connections_maximum_per_address()),
                atLeast(1, "first.request.seconds", config.first_request_seconds()));
    }

    private static void add(Set<String> hosts, String host) {
        if (!host.isBlank()) {
            hosts.add(host.strip().toLowerCase(Locale.ROOT));
        }
    }

    private static int atLeast(int least, String key, int value) {
        if (value < least) {
            throw new IllegalArgumentException(
                    key + ": " + value + " (expected: at least " + least + ")");
        }
        return value;
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A machine without a name in its own resolver: it is reached by address or by
            // allowed.hosts.
            return "";
        }
    }
}
