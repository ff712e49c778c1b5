package io.busbar.web.door;

import io.busbar.web.head.RequestHead;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks every request before anything else looks at it: the host name it was sent to and, if it
 * changes something, where it comes from. Also sets the security headers of every answer.
 * Thread-safe.
 */
final class RequestGuard {
    /**
     * The header that every changing request must have. A browser lets a page of another origin
     * send it only after asking the server for permission, which this server never grants.
     */
    static final String REQUEST_HEADER = "X-Busbar-Request";

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    private RequestGuard() {}

    /** Sets the headers that every answer carries. */
    static void secure(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        if (request.isSecure()) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
    }

    /**
     * Refuses requests whose host name is not one of this server's. Otherwise an attacker could let
     * a domain name of his own point to this server, and his web page would count as being of the
     * same origin.
     *
     * @param own names of the machine, in lower case
     * @param named names that the operator gave the server, in lower case
     */
    static void checkHost(HttpServletRequest request, Set<String> own, Set<String> named) {
        String host = bare(request.getServerName());
        String header = request.getHeader("Host");
        boolean known =
                header != null
                        && (LOOPBACK.contains(host)
                                || host.equals(bare(request.getLocalAddr()))
                                || own.contains(host)
                                || named.contains(host));
        if (!known) {
            throw Problem.of(
                    ProblemType.HOST_NOT_ALLOWED,
                    "This server does not answer to the name '"
                            + host
                            + "'. If it is one of its names, add it to allowed.hosts in"
                            + " etc/io.busbar.web.cfg.");
        }
    }

    /**
     * Refuses changing requests that another web page may have sent in the name of a signed-in
     * person.
     *
     * @param named names that the operator gave the server, in lower case
     */
    static void checkOrigin(RequestHead request, Set<String> named) {
        if (SAFE.contains(request.method())) {
            return;
        }
        if (!"1".equals(request.header(REQUEST_HEADER))) {
            throw csrf("Header " + REQUEST_HEADER + " is missing (expected: 1).");
        }
        String site = request.header("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin")) {
            throw csrf("Sec-Fetch-Site is " + site + " (expected: same-origin).");
        }
        String origin = request.header("Origin");
        if (origin != null && !own(origin, request, named)) {
            throw csrf(
                    "Origin is "
                            + origin
                            + " (expected: that of "
                            + authority(request)
                            + "). If people reach this server by that name, add it to allowed.hosts"
                            + " in etc/io.busbar.web.cfg; if a proxy stands before it, let it send"
                            + " the header Host as it came.");
        }
    }

    private static Problem csrf(String detail) {
        return Problem.of(ProblemType.CSRF, detail + " Nothing was changed.");
    }

    private static boolean own(String origin, RequestHead request, Set<String> named) {
        try {
            URI uri = new URI(origin);
            return uri.getAuthority() != null
                    && (withoutDefaultPort(uri.getAuthority())
                                    .equals(withoutDefaultPort(authority(request)))
                            || named.contains(bare(uri.getHost())));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Name and port as the browser knows them. */
    private static String authority(RequestHead request) {
        String name = request.host();
        String host = name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name;
        return host + ":" + request.port();
    }

    private static String withoutDefaultPort(String authority) {
        String lower = authority.toLowerCase(Locale.ROOT);
        return lower.endsWith(":80")
                ? lower.substring(0, lower.length() - 3)
                : lower.endsWith(":443") ? lower.substring(0, lower.length() - 4) : lower;
    }

    private static String bare(@Nullable String host) {
        if (host == null) {
            return "";
        }
        String lower = host.toLowerCase(Locale.ROOT);
        boolean bracketed = lower.startsWith("[") && lower.endsWith("]");
        String inner = bracketed ? lower.substring(1, lower.length() - 1) : lower;
        // Java spells addresses of IPv6 out: 0:0:0:0:0:0:0:1.
        return inner.equals("0:0:0:0:0:0:0:1") ? "::1" : inner;
    }
}
