package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.accounts.Accounts.SignIn;
import io.busbar.api.accounts.Role;
import io.busbar.api.accounts.User;
import io.busbar.json.JsonFields;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.SessionShapes;
import io.busbar.web.caller.Caller;
import io.busbar.web.http.Answer;
import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import io.busbar.web.http.Request;
import io.busbar.web.http.Route;
import io.busbar.web.http.Router;
import io.busbar.web.session.WebSession;
import io.busbar.web.session.WebSessions;
import java.io.IOException;

/** {@code /auth}: signing in and out, and one's own password. */
public final class AuthEndpoint {
    private final Backend services;
    private final WebSessions sessions;
    private final HttpCounters counters;

    public AuthEndpoint(Backend services, WebSessions sessions, HttpCounters counters) {
        this.services = services;
        this.sessions = sessions;
        this.counters = counters;
    }

    public void addTo(Router router) {
        router.add(Route.open("POST", "/auth/login", this::login))
                .add(Route.open("POST", "/auth/logout", this::logout))
                .add(Route.of("GET", "/auth/me", Role.VIEWER, this::me).withoutActivity())
                .add("POST", "/auth/password", Role.VIEWER, this::changePassword);
    }

    private Answer login(Request request) throws IOException {
        JsonFields body = request.body();
        String username = body.text("username", 1, 64);
        String password = body.text("password", 1, 256);
        body.finish();
        User user = signIn(username, password, request);
        // A new id at every sign-in: one that somebody planted before is worth nothing.
        request.findCaller().map(Caller::session).ifPresent(sessions::end);
        WebSessions.Opened opened = sessions.open(user);
        return Answer.ok(SessionShapes.me(opened.session(), sessions.idleTimeout()))
                .header("Set-Cookie", sessions.cookie().set(request.secure(), opened.secret()));
    }

    private Answer changePassword(Request request) throws IOException {
        JsonFields body = request.body();
        String currentPassword = body.text("currentPassword", 1, 256);
        String newPassword = body.text("newPassword", Accounts.MIN_PASSWORD_LENGTH, 256);
        body.finish();
        WebSession session = request.caller().session();
        // Guesses are slowed down as those of the sign-in: a session that was left open does not
        // do.
        signIn(session.username(), currentPassword, request);
        services.accounts().setPassword(session.username(), newPassword, request.actor());
        sessions.endOthers(session);
        return Answer.noContent();
    }

    private User signIn(String username, String password, Request request) {
        SignIn answer = services.accounts().signIn(username, password, request.remoteAddress());
        if (answer instanceof SignIn.Granted granted) {
            return granted.user();
        } else if (answer instanceof SignIn.Throttled throttled) {
            counters.count(HttpCounters.Cause.SIGN_IN_THROTTLED);
            int seconds = Math.max(1, throttled.retryAfterSeconds());
            throw Problem.throttled(
                    "Too many failed attempts: try again in " + seconds + " s.", seconds);
        }
        Problem wrong =
                Problem.of(ProblemType.INVALID_CREDENTIALS, "User name or password is wrong.");
        throw answer instanceof SignIn.Refused refused
                ? wrong.with("triesLeft", refused.triesLeft())
                : wrong;
    }

    private Answer logout(Request request) {
        request.findCaller().map(Caller::session).ifPresent(sessions::end);
        return Answer.noContent().header("Set-Cookie", sessions.cookie().clear(request.secure()));
    }

    private Answer me(Request request) {
        return Answer.ok(SessionShapes.me(request.caller().session(), sessions.idleTimeout()));
    }
}
