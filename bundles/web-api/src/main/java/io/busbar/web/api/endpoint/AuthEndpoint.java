package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Accounts.SignIn;
import io.busbar.api.accounts.Role;
import io.busbar.json.JsonFields;
import io.busbar.web.api.http.Answer;
import io.busbar.web.api.http.Problem;
import io.busbar.web.api.http.ProblemType;
import io.busbar.web.api.http.Request;
import io.busbar.web.api.http.Route;
import io.busbar.web.api.http.Router;
import io.busbar.web.api.service.Services;
import io.busbar.web.api.session.Sessions;
import java.io.IOException;
import java.util.List;

/** {@code /auth}: signing in and out. */
public final class AuthEndpoint {
    private final Services services;
    private final Sessions sessions;
    private final SessionCookie cookie;

    public AuthEndpoint(Services services, Sessions sessions, SessionCookie cookie) {
        this.services = services;
        this.sessions = sessions;
        this.cookie = cookie;
    }

    public void addTo(Router router) {
        router.add(open("/auth/login", this::login))
                .add(open("/auth/logout", this::logout))
                .add(
                        new Route(
                                "GET",
                                List.of("auth", "me"),
                                Role.VIEWER,
                                false,
                                false,
                                Router.BODY_BYTES,
                                this::me));
    }

    private static Route open(String path, io.busbar.web.api.http.Handler handler) {
        return new Route(
                "POST",
                List.of(path.substring(1).split("/")),
                null,
                false,
                false,
                Router.BODY_BYTES,
                handler);
    }

    private Answer login(Request request) throws IOException {
        JsonFields body = request.body();
        String username = body.text("username", 1, 64);
        String password = body.text("password", 1, 256);
        body.finish();
        SignIn answer = services.accounts().signIn(username, password, request.remoteAddress());
        if (answer instanceof SignIn.Granted granted) {
            // A new id at every sign-in: one that somebody planted before is worth nothing.
            request.findSession().ifPresent(sessions::end);
            Sessions.Opened opened = sessions.open(granted.user());
            return Answer.ok(cookie.me(opened.session()))
                    .header("Set-Cookie", SessionCookie.set(request.secure(), opened.secret()));
        } else if (answer instanceof SignIn.Throttled throttled) {
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
        request.findSession().ifPresent(sessions::end);
        return Answer.noContent().header("Set-Cookie", SessionCookie.clear(request.secure()));
    }

    private Answer me(Request request) {
        return Answer.ok(cookie.me(request.session()));
    }
}
