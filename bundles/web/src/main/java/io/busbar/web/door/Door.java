package io.busbar.web.door;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.web.caller.Callers;
import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.HttpLoad;
import io.busbar.web.http.HttpWing;
import io.busbar.web.jetty.WebConnections;
import io.busbar.web.session.SessionCookie;
import io.busbar.web.session.WebSessions;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The entrance in front of all wings: creates their servlets, the host filter and the sessions, and
 * has the threads that serve requests until it is closed. The component and tests create it by
 * constructor. Thread-safe.
 */
public final class Door implements AutoCloseable {
    private final Supplier<Optional<Accounts>> accounts;
    private final HttpCounters counters = new HttpCounters();
    private final WebSessions sessions;
    private final Callers callers;
    private final HostFilter hostFilter;
    private final Load load;
    private final Workers workers = new Workers();
    private final WebConnections connections;
    private final Exchange.Means means;
    private volatile WebSettings settings;

    /**
     * Creates the entrance.
     *
     * @param settings the configuration
     * @param instance tells this server from others on the same host: letters and digits
     * @param bodies a folder of our own for large bodies
     * @param accounts returns the accounts service at the moment, because it may come and go
     * @param memory is asked before requests take more
     * @param clock the time, for sessions
     */
    public Door(
            WebSettings settings,
            String instance,
            Path bodies,
            Supplier<Optional<Accounts>> accounts,
            MemoryBudget memory,
            Clock clock) {
        this.settings = settings;
        this.accounts = accounts;
        this.load = new Load(() -> this.settings.requests(), memory);
        this.sessions =
                new WebSessions(clock, new SessionCookie(instance), () -> this.settings.sessions());
        this.callers = new Callers(sessions, accounts);
        this.hostFilter = new HostFilter(() -> this.settings, counters);
        this.connections =
                new WebConnections(
                        () -> this.settings.connections(),
                        address -> this.settings.trustedProxies().contains(address),
                        counters);
        this.means =
                new Exchange.Means(
                        load,
                        new BodyFiles(bodies, () -> this.settings.requests().bodyFiles(), counters),
                        workers,
                        counters,
                        () -> this.settings.requests(),
                        () -> this.settings.allowedHosts(),
                        connections::cut);
        workers.everyHalfSecond(connections::closeSilent);
    }

    /** Returns the filter that every HTTP request passes first, whether it is for a wing or not. */
    public Filter hostFilter() {
        return hostFilter;
    }

    /** Returns the servlet for a wing, with all checks in front of it. */
    public Servlet servlet(HttpWing wing) {
        return new WingServlet(wing, accounts, callers, means);
    }

    /** The web server's connections, which the door bounds. */
    public WebConnections connections() {
        return connections;
    }

    /** Returns the sessions of signed-in people, which all wings share. */
    public WebSessions sessions() {
        return sessions;
    }

    /** What was refused, at all wings. */
    public HttpCounters counters() {
        return counters;
    }

    /** What is going on. */
    public HttpLoad load() {
        return new HttpLoad() {
            @Override
            public int connections() {
                return connections.count();
            }

            @Override
            public int connectionsMaximum() {
                return settings.connections().maximum();
            }

            @Override
            public int requests() {
                return load.requests();
            }

            @Override
            public long bodyBytes() {
                return load.bytes();
            }
        };
    }

    void configure(WebSettings changed) {
        settings = changed;
    }

    @Override
    public void close() {
        workers.close();
        load.close();
    }
}
