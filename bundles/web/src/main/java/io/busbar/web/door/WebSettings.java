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
     * Reads a configuration; {@link WebConfig} has the bounds.
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
                        Duration.ofMinutes(config.session_idle_minutes()),
                        Duration.ofHours(config.session_absolute_hours()),
                        config.sessions_maximum(),
                        config.sessions_maximum_per_user()),
                requests(config),
                connections(config));
    }

    private static RequestLimits requests(WebConfig config) {
        long bodies = config.bodies_maximum_bytes();
        return new RequestLimits(
                config.body_timeout_seconds(),
                config.body_bytes_per_second(),
                bodies == 0 ? RequestLimits.DEFAULT.bodiesBytes() : bodies,
                config.bodies_maximum_files(),
                config.requests_maximum(),
                config.requests_maximum_per_address());
    }

    private static ConnectionLimits connections(WebConfig config) {
        return ConnectionLimits.of(
                config.connections_maximum(),
                config.connections_maximum_per_address(),
                config.first_request_seconds());
    }

    private static void add(Set<String> hosts, String host) {
        if (!host.isBlank()) {
            hosts.add(host.strip().toLowerCase(Locale.ROOT));
        }
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
