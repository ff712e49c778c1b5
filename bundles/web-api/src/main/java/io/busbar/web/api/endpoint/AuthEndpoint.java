package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Accounts.SignIn;
import io.busbar.api.accounts.Role;
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
import io.busbar.web.session.WebSessions;
import java.io.IOException;

/** {@code /auth}: signing in and out. */
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
                .add(Route.of("GET", "/auth/me", Role.VIEWER, this::me).withoutActivity());
    }

    private Answer login(Request request) throws IOException {
        JsonFields body = request.body();
        String username = body.text("username", 1, 64);
        String password = body.text("password", 1, 256);
        body.finish();
        SignIn answer = services.accounts().signIn(username, password, request.remoteAddress());
        if (answer instanceof SignIn.Granted granted) {
            // A new id at every sign-in: one that somebody planted before is worth nothing.
            request.findCaller().map(Caller::session).ifPresent(sessions::end);
            WebSessions.Opened opened = sessions.open(granted.user());
            return Answer.ok(SessionShapes.me(opened.session(), sessions.idleTimeout()))
                    .header("Set-Cookie", sessions.cookie().set(request.secure(), opened.secret()));
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
