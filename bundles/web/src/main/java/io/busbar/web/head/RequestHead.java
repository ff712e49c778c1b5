package io.busbar.web.head;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a request says before its body, copied: the web server uses its own object again for other
 * requests. Immutable.
 *
 * @param method e.g. GET
 * @param uri the path as it was sent, still encoded
 * @param query what follows the path, still encoded, or null
 * @param headers the first value of each, by its name in lower case
 * @param cookies those that the request carries
 * @param contentLength bytes of the body, or -1 if it is not said
 * @param address the IP address that the request comes from
 * @param secure whether it came over TLS
 * @param host the name or address that the client used for this server, without the port
 * @param port the port that the client used
 */
public record RequestHead(
        String method,
        String uri,
        @Nullable String query,
        Map<String, String> headers,
        List<Cookie> cookies,
        long contentLength,
        String address,
        boolean secure,
        String host,
        int port) {
    /** The web server knows no address of a client that is gone already. */
    public static final String UNKNOWN_ADDRESS = "0.0.0.0";

    public RequestHead {
        headers = Map.copyOf(headers);
        cookies = List.copyOf(cookies);
    }

    /** Copies that of a request which is being served. */
    public static RequestHead of(HttpServletRequest request) {
        Map<String, String> headers = new TreeMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.putIfAbsent(name.toLowerCase(Locale.ROOT), request.getHeader(name));
        }
        Cookie[] cookies = request.getCookies();
        String address = request.getRemoteAddr();
        return new RequestHead(
                request.getMethod(),
                request.getRequestURI(),
                request.getQueryString(),
                headers,
                cookies == null ? List.of() : List.of(cookies),
                request.getContentLengthLong(),
                address == null ? UNKNOWN_ADDRESS : address,
                request.isSecure(),
                request.getServerName(),
                request.getServerPort());
    }

    /** The first value of a header, or null. */
    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }
}
