package io.busbar.web.session;

import io.busbar.web.head.RequestHead;
import jakarta.servlet.http.Cookie;
import java.util.ArrayList;
import java.util.List;

/**
 * The cookie that identifies a session. Scripts cannot read it, and browsers do not send it with
 * requests from other sites. Under TLS its name binds it to this host and to secure connections.
 * The name also has a mark of this server: browsers keep cookies by host, whatever the port, so two
 * servers on one host would overwrite each other's. Immutable.
 */
public final class SessionCookie {
    private final String plain;
    private final String secure;

    /**
     * Names the cookie.
     *
     * @param instance tells this server from others on the same host: letters and digits
     */
    public SessionCookie(String instance) {
        plain = "busbar_session_" + instance;
        secure = "__Host-" + plain;
    }

    /** Returns the secrets in the cookies of a request; usually one. */
    public List<String> of(RequestHead request) {
        List<String> secrets = new ArrayList<>();
        String name = name(request.secure());
        for (Cookie cookie : request.cookies()) {
            if (cookie.getName().equals(name)) {
                secrets.add(cookie.getValue());
            }
        }
        return secrets;
    }

    /**
     * Returns the value of {@code Set-Cookie} that sets the cookie.
     *
     * @param secure whether the request came over TLS
     */
    public String set(boolean secure, String secret) {
        return header(secure, secret, "");
    }

    /**
     * Returns the value of {@code Set-Cookie} that deletes the cookie.
     *
     * @param secure whether the request came over TLS
     */
    public String clear(boolean secure) {
        return header(secure, "", "; Max-Age=0");
    }

    private String name(boolean isSecure) {
        return isSecure ? secure : plain;
    }

    private String header(boolean secure, String value, String more) {
        return name(secure)
                + "="
                + value
                + "; Path=/; HttpOnly; SameSite=Strict"
                + (secure ? "; Secure" : "")
                + more;
    }
}
