package io.busbar.web.session;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * The cookie that stands for a session: not readable by scripts, never sent from other sites, and
 * under TLS bound to this host and to secure connections by its name.
 */
public final class SessionCookie {
    private static final String PLAIN = "busbar_session";
    private static final String SECURE = "__Host-busbar_session";

    private SessionCookie() {}

    /** The secrets that a request comes with; usually one. */
    public static List<String> of(HttpServletRequest request) {
        List<String> secrets = new ArrayList<>();
        Cookie[] cookies = request.getCookies();
        String name = name(request.isSecure());
        for (Cookie cookie : cookies == null ? new Cookie[0] : cookies) {
            if (cookie.getName().equals(name)) {
                secrets.add(cookie.getValue());
            }
        }
        return secrets;
    }

    /** The value of {@code Set-Cookie} that gives a session to a browser. */
    public static String set(boolean secure, String secret) {
        return header(secure, secret, "");
    }

    /** The value of {@code Set-Cookie} that takes it away again. */
    public static String clear(boolean secure) {
        return header(secure, "", "; Max-Age=0");
    }

    private static String name(boolean secure) {
        return secure ? SECURE : PLAIN;
    }

    private static String header(boolean secure, String value, String more) {
        return name(secure)
                + "="
                + value
                + "; Path=/; HttpOnly; SameSite=Strict"
                + (secure ? "; Secure" : "")
                + more;
    }
}
