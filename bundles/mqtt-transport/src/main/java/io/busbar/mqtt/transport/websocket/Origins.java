package io.busbar.mqtt.transport.websocket;

import io.busbar.mqtt.transport.config.ConfigException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which web pages may connect over WebSocket. A browser lets any page connect to any
 * server, with the user's network access and certificates, but it reports truthfully in {@code
 * Origin} where the page came from. So pages from other hosts are accepted only if they are
 * configured. With a name of his own that leads to this server (DNS rebinding), a stranger's page
 * would be from the same host: so the host must be an address or a name of this machine. A client
 * without {@code Origin} is not a browser and is accepted. Immutable.
 */
public final class Origins {
    /** What one of them may be, in words. */
    public static final String ALLOWED = "* or an origin such as https://hmi.example";

    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[.*]");

    /** Names of this machine; an address cannot be led elsewhere, so every one is good. */
    private static final Set<String> OWN_NAMES = ownNames();

    private final Set<String> allowed;

    /**
     * Reads origins such as {@code https://hmi.example}; {@code *} is all.
     *
     * @throws ConfigException if one is none of that
     */
    public Origins(List<String> configured) {
        for (String each : configured) {
            if (!each.equals("*") && host(each) == null) {
                throw new ConfigException(
                        "allowed.origins: " + each + " (expected: " + ALLOWED + ")", null);
            }
        }
        allowed =
                configured.stream()
                        .map(each -> each.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Whether a page may connect: it is named, or comes from the host that it connects to, by an
     * address or a name of this machine.
     *
     * @param origin the header {@code Origin}
     * @param host the header {@code Host}
     */
    boolean allows(@Nullable String origin, @Nullable String host) {
        if (origin == null || allowed.contains("*")) {
            return true;
        }
        String page = origin.toLowerCase(Locale.ROOT);
        if (allowed.contains(page)) {
            return true;
        }
        String of = host(page);
        return of != null
                && host != null
                && of.equals(host("ws://" + host.toLowerCase(Locale.ROOT)))
                && (ADDRESS.matcher(of).matches() || OWN_NAMES.contains(of));
    }

    private static Set<String> ownNames() {
        Set<String> names = new HashSet<>(Set.of("localhost"));
        try {
            InetAddress local = InetAddress.getLocalHost();
            names.add(local.getHostName().toLowerCase(Locale.ROOT));
            names.add(local.getCanonicalHostName().toLowerCase(Locale.ROOT));
        } catch (UnknownHostException e) {
            // A machine without a name in its own resolver: it is reached by address, or by origins
            // that are named.
        }
        return Set.copyOf(names);
    }

    private static @Nullable String host(String origin) {
        try {
            return new URI(origin).getHost();
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
