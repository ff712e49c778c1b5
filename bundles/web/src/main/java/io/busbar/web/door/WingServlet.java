package io.busbar.web.door;

import io.busbar.api.accounts.Accounts;
import io.busbar.web.caller.Caller;
import io.busbar.web.caller.Callers;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Failures;
import io.busbar.web.http.HttpWing;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import io.busbar.web.http.Request;
import io.busbar.web.http.Route;
import io.busbar.web.http.Router;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servlet of one wing. It checks, in this order: whether the server is set up, the path, where
 * a changing request comes from, who sent it, and whether the person's role suffices. Then the
 * wing's handler answers. Exceptions become problem documents here and nowhere else. Called by many
 * threads at once.
 */
final class WingServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(WingServlet.class);
    private static final Pattern PATH = Pattern.compile("(?:/[A-Za-z0-9._~-]+)+");

    private final String prefix;
    private final transient Router router = new Router();
    private final transient Supplier<Optional<Accounts>> accounts;
    private final transient Callers callers;

    /**
     * Creates the servlet and asks the wing for its routes.
     *
     * @throws IllegalArgumentException if the wing's path is not valid
     */
    WingServlet(HttpWing wing, Supplier<Optional<Accounts>> accounts, Callers callers) {
        this.prefix = wing.path();
        if (!PATH.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "path: \"" + prefix + "\" (expected: a path such as /api/v1)");
        }
        this.accounts = accounts;
        this.callers = callers;
        wing.addTo(router);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        RequestGuard.secure(request, response);
        Answer answer;
        try {
            answer = answer(request, response);
        } catch (RuntimeException | LinkageError e) {
            answer = Answer.problem(problemOf(request, e), request.getRequestURI());
        }
        if (answer != Answer.TAKEN) {
            send(answer, request, response);
        }
    }

    private Answer answer(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Router.Match match = match(request);
        Route route = match.route();
        RequestGuard.checkOrigin(request);
        Caller caller = callers.find(request).orElse(null);
        checkRole(route, caller);
        if (caller != null && route.activity()) {
            callers.active(caller);
        }
        return route.handler()
                .handle(
                        new Request(
                                request,
                                response,
                                match.parameters(),
                                route.maxBodyBytes(),
                                caller));
    }

    /**
     * Until the first administrator exists, every other request gets only the answer that the
     * server must be set up.
     */
    private Router.Match match(HttpServletRequest request) {
        try {
            Router.Match match = router.match(request.getMethod(), path(request));
            if (!match.route().beforeSetup()) {
                checkSetUp();
            }
            return match;
        } catch (Problem problem) {
            checkSetUp();
            throw problem;
        }
    }

    private void checkSetUp() {
        Accounts present =
                accounts.get()
                        .orElseThrow(
                                () ->
                                        Problem.notRunning(
                                                "The service for people's accounts",
                                                "io.busbar.auth.users"));
        if (present.setupRequired()) {
            throw Problem.of(
                    ProblemType.SETUP_REQUIRED,
                    "No administrator exists yet: open the one-time setup link that was printed in"
                            + " the terminal where the server was started.");
        }
    }

    private static void checkRole(Route route, @Nullable Caller caller) {
        if (route.role() == null) {
            return;
        }
        if (caller == null) {
            throw Problem.of(
                    ProblemType.NOT_AUTHENTICATED,
                    "Nobody is signed in, or the session has ended: sign in.");
        }
        if (!caller.role().includes(route.role())) {
            throw Problem.of(
                    ProblemType.FORBIDDEN,
                    "This needs the role "
                            + route.role()
                            + "; you have "
                            + caller.role()
                            + ". An administrator can change that.");
        }
    }

    /**
     * Returns the path below the wing's path, still encoded as it was sent: after decoding, an
     * encoded slash could not be told from a separator.
     */
    private String path(HttpServletRequest request) {
        String uri = request.getRequestURI();
        int start = uri.indexOf(prefix);
        return start < 0 ? "" : uri.substring(start + prefix.length());
    }

    private static Problem problemOf(HttpServletRequest request, Throwable e) {
        Problem known = e instanceof RuntimeException failure ? Failures.problemOf(failure) : null;
        if (known != null) {
            return known;
        }
        LOG.error("Request failed: {} {}", request.getMethod(), request.getRequestURI(), e);
        return Problem.of(
                ProblemType.INTERNAL,
                "The server failed to answer; its log says why. What was asked may or may not have"
                        + " happened: look before you repeat it.");
    }

    static void send(Answer answer, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        if (!answer.contentType().isEmpty()) {
            response.setContentType(answer.contentType());
            if (answer.contentType().startsWith("text/")) {
                response.setCharacterEncoding("UTF-8");
            }
            response.setContentLength(answer.body().length);
            if (!request.getMethod().equals("HEAD")) {
                response.getOutputStream().write(answer.body());
            }
        }
    }
}
