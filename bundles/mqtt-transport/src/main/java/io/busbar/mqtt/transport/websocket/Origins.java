package io.busbar.mqtt.transport.websocket;

import io.busbar.mqtt.transport.config.ConfigException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which web pages may connect over WebSocket. A browser lets any page connect to any
 * server, with the user's network access and certificates, but it reports truthfully in {@code
 * Origin} where the page came from. So pages from other hosts are accepted only if they are
 * configured. A client without {@code Origin} is not a browser and is accepted. Immutable.
 */
public final class Origins {
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
                        "allowed.origins: "
                                + each
                                + " (expected: * or an origin such as https://hmi.example)",
                        null);
            }
        }
        allowed =
                configured.stream()
                        .map(each -> each.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Whether a page may connect: it is named, or comes from the host that it connects to.
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
                && of.equals(host("ws://" + host.toLowerCase(Locale.ROOT)));
    }

    private static @Nullable String host(String origin) {
        try {
            return new URI(origin).getHost();
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
