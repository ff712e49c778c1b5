package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.accounts.User;
import io.busbar.api.audit.Actor;
import io.busbar.json.FieldError;
import io.busbar.json.JsonFields;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.backend.Version;
import io.busbar.web.api.config.Settings;
import io.busbar.web.api.view.SessionShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import io.busbar.web.session.WebSessions;
import java.io.IOException;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** {@code /setup}: the first administrator. */
public final class SetupEndpoint {
    private static final Pattern USERNAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    private final Backend services;
    private final WebSessions sessions;
    private final Supplier<Settings> settings;

    public SetupEndpoint(Backend services, WebSessions sessions, Supplier<Settings> settings) {
        this.services = services;
        this.sessions = sessions;
        this.settings = settings;
    }

    public void addTo(Router router) {
        router.open("GET", "/setup", this::status)
                .open("POST", "/setup", this::setUp)
                .open("POST", "/setup/link", this::checkLink);
    }

    private Answer status(Request request) {
        return Answer.ok(
                new JsonShape()
                        .put("required", services.accounts().setupRequired())
                        .put("serverName", settings.get().serverName())
                        .put("version", Version.of(services))
                        .put("signedIn", request.findCaller().isPresent())
                        .build());
    }

    private Answer checkLink(Request request) throws IOException {
        JsonFields body = request.body();
        String token = body.text("token", 1, 256);
        body.finish();
        Accounts accounts = services.accounts();
        if (!accounts.setupRequired()) {
            throw setupDone();
        } else if (!accounts.isSetupToken(token)) {
            throw tokenInvalid();
        }
        return Answer.noContent();
    }

    private static Problem setupDone() {
        return Problem.of(ProblemType.SETUP_DONE, "An administrator exists already: sign in.");
    }

    private static Problem tokenInvalid() {
        return Problem.of(
                ProblemType.SETUP_TOKEN_INVALID,
                "The link is wrong, used or older than 24 hours. The newest one is printed in"
                        + " the terminal where the server was started; restart the server, or use"
                        + " the shell, for a new one.");
    }

    private Answer setUp(Request request) throws IOException {
        JsonFields body = request.body();
        String token = body.text("token", 1, 256);
        String username = body.text("username", 1, 64);
        String password = body.text("password", Accounts.MIN_PASSWORD_LENGTH, 256);
        if (!username.isEmpty() && !USERNAME.matcher(username).matches()) {
            body.error(
                    "username",
                    "pattern",
                    "username: '"
                            + username
                            + "' (expected: letters, digits, '.', '_', '@' and '-', beginning with"
                            + " a letter or digit)");
        }
        body.finish();
        Accounts accounts = services.accounts();
        if (!accounts.setupRequired()) {
            throw setupDone();
        }
        try {
            User user =
                    accounts.setUp(
                            token,
                            username,
                            password,
                            Actor.user(username, request.remoteAddress()));
            WebSessions.Opened opened = sessions.open(user);
            return Answer.created(
                            SessionShapes.me(opened.session(), sessions.idleTimeout()),
                            "/api/v1/auth/me")
                    .header("Set-Cookie", sessions.cookie().set(request.secure(), opened.secret()));
        } catch (SecurityException e) {
            throw tokenInvalid();
        } catch (IllegalStateException e) {
            throw setupDone();
        } catch (IllegalArgumentException e) {
            String message = e.getMessage() == null ? "" : e.getMessage();
            String field =
                    message.toLowerCase(java.util.Locale.ROOT).contains("password")
                            ? "password"
                            : "username";
            throw Problem.validation(new FieldError("/" + field, field, "invalid", message));
        }
    }
}
