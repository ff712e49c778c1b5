package io.busbar.web.api.endpoint;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Accounts;
import io.busbar.api.accounts.User;
import io.busbar.json.JsonShape;
import io.busbar.web.api.config.Settings;
import io.busbar.web.api.service.Services;
import io.busbar.web.api.session.Session;
import io.busbar.web.api.session.Sessions;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The cookie that stands for a session: not readable by scripts, never sent from other sites, and
 * under TLS bound to this host and to secure connections by its name. Thread-safe.
 */
public final class SessionCookie {
    private static final String PLAIN = "busbar_session";
    private static final String SECURE = "__Host-busbar_session";

    private final Sessions sessions;
    private final Services services;
    private final Supplier<Settings> settings;

    public SessionCookie(Sessions sessions, Services services, Supplier<Settings> settings) {
        this.sessions = sessions;
        this.services = services;
        this.settings = settings;
    }

    /** The session that a request comes with, if it counts. */
    public Optional<Session> find(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies == null) {
            return Optional.empty();
        }
        String name = request.isSecure() ? SECURE : PLAIN;
        for (Cookie cookie : cookies) {
            if (cookie.getName().equals(name)) {
                Optional<Session> session =
                        sessions.find(cookie.getValue(), this::accountStillFits);
                if (session.isPresent()) {
                    return session;
                }
            }
        }
        return Optional.empty();
    }

    private boolean accountStillFits(Session session) {
        Accounts accounts = services.findAccounts().orElse(null);
        if (accounts == null) {
            // Nobody can say otherwise at the moment; the session's own limits go on counting.
            return true;
        }
        return accounts.get(session.username())
                .map(User::role)
                .filter(session.role()::equals)
                .isPresent();
    }

    /** The header that gives a session to a browser. */
    static String set(boolean secure, String secret) {
        return header(secure, secret, "");
    }

    /** The header that takes it away again. */
    static String clear(boolean secure) {
        return header(secure, "", "; Max-Age=0");
    }

    private static String header(boolean secure, String value, String more) {
        return (secure ? SECURE : PLAIN)
                + "="
                + value
                + "; Path=/; HttpOnly; SameSite=Strict"
                + (secure ? "; Secure" : "")
                + more;
    }

    /** The API's Me. */
    JsonObject me(Session session) {
        return new JsonShape()
                .put("username", session.username())
                .put("role", session.role())
                .put("expiresAt", session.expiresAt())
                .put("idleTimeoutSeconds", settings.get().sessions().idle().toSeconds())
                .build();
    }
}
