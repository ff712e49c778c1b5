package io.busbar.web.door;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request as the client of a trusted proxy made it: what the proxy says in {@code
 * X-Forwarded-For}, {@code -Proto} and {@code -Host} counts instead of what the connection shows.
 * Headers of others than the proxy, which came before its own, do not.
 */
final class ForwardedRequest extends HttpServletRequestWrapper {
    private final String client;
    private final boolean secure;
    private final @Nullable String host;
    private final int port;

    private ForwardedRequest(HttpServletRequest request, TrustedProxies proxies) {
        super(request);
        client =
                proxies.client(
                        Collections.list(request.getHeaders("X-Forwarded-For")),
                        request.getRemoteAddr());
        String scheme = last(request, "X-Forwarded-Proto").toLowerCase(Locale.ROOT);
        secure = scheme.equals("https") || scheme.isEmpty() && request.isSecure();
        URI authority = authority(last(request, "X-Forwarded-Host"));
        host = authority == null ? null : authority.getHost();
        int given = authority == null ? portOf(request) : authority.getPort();
        port = given > 0 ? given : secure ? 443 : 80;
    }

    /** The same request, seen through the proxy that it came by, if it is one that is trusted. */
    static HttpServletRequest of(HttpServletRequest request, TrustedProxies proxies) {
        return proxies.contains(request.getRemoteAddr())
                ? new ForwardedRequest(request, proxies)
                : request;
    }

    private static String last(HttpServletRequest request, String header) {
        List<String> values = Collections.list(request.getHeaders(header));
        String all = String.join(",", values);
        return all.substring(all.lastIndexOf(',') + 1).strip();
    }

    private static @Nullable URI authority(String text) {
        try {
            URI uri = text.isEmpty() ? null : new URI("http://" + text);
            return uri == null || uri.getHost() == null ? null : uri;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** The port that stands in Host; none means that of the scheme the browser uses. */
    private static int portOf(HttpServletRequest request) {
        String header = request.getHeader("Host");
        URI host = header == null ? null : authority(header);
        return host == null ? -1 : host.getPort();
    }

    @Override
    public String getRemoteAddr() {
        return client;
    }

    @Override
    public String getRemoteHost() {
        return client;
    }

    @Override
    public boolean isSecure() {
        return secure;
    }

    @Override
    public String getScheme() {
        return secure ? "https" : "http";
    }

    @Override
    public String getServerName() {
        return host == null ? super.getServerName() : host;
    }

    @Override
    public int getServerPort() {
        return port;
    }
}
