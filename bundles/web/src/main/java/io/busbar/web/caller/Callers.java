package io.busbar.web.caller;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.accounts.User;
import io.busbar.web.head.RequestHead;
import io.busbar.web.session.WebSession;
import io.busbar.web.session.WebSessions;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds the signed-in person who sent a request. Thread-safe. */
public final class Callers {
    private final WebSessions sessions;
    private final Supplier<Optional<Accounts>> accounts;

    /**
     * Creates one for these sessions.
     *
     * @param sessions the sessions of signed-in people
     * @param accounts returns the accounts service at the moment, because it may come and go
     */
    public Callers(WebSessions sessions, Supplier<Optional<Accounts>> accounts) {
        this.sessions = sessions;
        this.accounts = accounts;
    }

    /** Returns who sent a request, or empty if the request has no valid session. */
    public Optional<Caller> find(RequestHead request) {
        return sessions.cookie().of(request).stream()
                .flatMap(secret -> sessions.find(secret, this::accountStillFits).stream())
                .findFirst()
                .map(session -> new Caller(session, request.address()));
    }

    /** Records activity of the caller: the idle time of the session starts again. */
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
