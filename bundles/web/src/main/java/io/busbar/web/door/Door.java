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
 * The door before all wings, put together by constructor: the component and the tests begin here.
 * Thread-safe.
 */
public final class Door {
    private final Supplier<Optional<Accounts>> accounts;
    private final WebSessions sessions;
    private final Callers callers;
    private final HostFilter hostFilter;
    private volatile WebSettings settings;

    /**
     * Makes a door.
     *
     * @param accounts asked at every use, because the service may come and go
     */
    public Door(WebSettings settings, Supplier<Optional<Accounts>> accounts, Clock clock) {
        this.settings = settings;
        this.accounts = accounts;
        this.sessions = new WebSessions(clock, () -> this.settings.sessions());
        this.callers = new Callers(sessions, accounts);
        this.hostFilter = new HostFilter(() -> this.settings.allowedHosts());
    }

    /** What every request over HTTP passes first, that for a wing or any other. */
    public Filter hostFilter() {
        return hostFilter;
    }

    /** A wing behind the door. */
    public Servlet servlet(HttpWing wing) {
        return new WingServlet(wing, accounts, callers);
    }

    /** Who is signed in, at all wings. */
    public WebSessions sessions() {
        return sessions;
    }

    void configure(WebSettings changed) {
        settings = changed;
    }
}
