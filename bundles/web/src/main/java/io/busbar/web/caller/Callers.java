package io.busbar.web.caller;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.accounts.User;
import io.busbar.web.session.SessionCookie;
import io.busbar.web.session.WebSession;
import io.busbar.web.session.WebSessions;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds out who is asking. Thread-safe. */
public final class Callers {
    private final WebSessions sessions;
    private final Supplier<Optional<Accounts>> accounts;

    /**
     * Looks among these sessions.
     *
     * @param accounts asked at every use, because the service may come and go
     */
    public Callers(WebSessions sessions, Supplier<Optional<Accounts>> accounts) {
        this.sessions = sessions;
        this.accounts = accounts;
    }

    /** Who sent a request, if the session that it comes with counts. */
    public Optional<Caller> find(HttpServletRequest request) {
        return SessionCookie.of(request).stream()
                .flatMap(secret -> sessions.find(secret, this::accountStillFits).stream())
                .findFirst()
                .map(session -> new Caller(session, request.getRemoteAddr()));
    }

    /** Notes that the caller did something: the idle time begins anew. */
    public void active(Caller caller) {
        sessions.active(caller.session());
    }

    private boolean accountStillFits(WebSession session) {
        // While there are no accounts nobody can say otherwise; the session's limits go on
        // counting.
        return accounts.get()
                .map(
                        present ->
                                present.get(session.username())
                                        .map(User::role)
                                        .filter(session.role()::equals)
                                        .isPresent())
                .orElse(true);
    }
}
