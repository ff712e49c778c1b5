package io.busbar.web.door;

import io.busbar.api.accounts.Accounts;
import io.busbar.web.caller.Callers;
import io.busbar.web.http.HttpWing;
import io.busbar.web.session.WebSessions;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The entrance in front of all wings: creates their servlets, the host filter and the sessions. The
 * component and tests create it by constructor. Thread-safe.
 */
public final class Door {
    private final Supplier<Optional<Accounts>> accounts;
    private final WebSessions sessions;
    private final Callers callers;
    private final HostFilter hostFilter;
    private volatile WebSettings settings;

    /**
     * Creates the entrance.
     *
     * @param settings the configuration
     * @param accounts returns the accounts service at the moment, because it may come and go
     * @param clock the time, for sessions
     */
    public Door(WebSettings settings, Supplier<Optional<Accounts>> accounts, Clock clock) {
        this.settings = settings;
        this.accounts = accounts;
        this.sessions = new WebSessions(clock, () -> this.settings.sessions());
        this.callers = new Callers(sessions, accounts);
        this.hostFilter = new HostFilter(() -> this.settings.allowedHosts());
    }

    /** Returns the filter that every HTTP request passes first, whether it is for a wing or not. */
    public Filter hostFilter() {
        return hostFilter;
    }

    /** Returns the servlet for a wing, with all checks in front of it. */
    public Servlet servlet(HttpWing wing) {
        return new WingServlet(wing, accounts, callers);
    }

    /** Returns the sessions of signed-in people, which all wings share. */
    public WebSessions sessions() {
        return sessions;
    }

    void configure(WebSettings changed) {
        settings = changed;
    }
}
