package io.busbar.web.api;

import io.busbar.web.api.endpoint.Failures;
import io.busbar.web.api.endpoint.SessionCookie;
import io.busbar.web.api.http.Answer;
import io.busbar.web.api.http.Problem;
import io.busbar.web.api.http.ProblemType;
import io.busbar.web.api.http.Request;
import io.busbar.web.api.http.RequestGuard;
import io.busbar.web.api.http.Route;
import io.busbar.web.api.http.Router;
import io.busbar.web.api.service.Services;
import io.busbar.web.api.session.Session;
import io.busbar.web.api.session.Sessions;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of {@code /api/v1}: checks in this order the name the request was sent to, whether the
 * server is set up, the path, where a change comes from, who asks and with which role; then the
 * endpoint answers. Whatever goes wrong becomes a problem document here and nowhere else. Called by
 * many threads at once.
 */
final class ApiServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ApiServlet.class);

    private final transient Router router;
    private final transient Services services;
    private final transient Sessions sessions;
    private final transient SessionCookie cookie;

    ApiServlet(Router router, Services services, Sessions sessions, SessionCookie cookie) {
        this.router = router;
        this.services = services;
        this.sessions = sessions;
        this.cookie = cookie;
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
        Session session = cookie.find(request).orElse(null);
        checkRole(route, session);
        if (session != null && route.activity()) {
            sessions.active(session);
        }
        return route.handler().handle(new Request(request, response, match, session));
    }

    /** Until the first administrator exists nobody learns more than that. */
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
        if (services.accounts().setupRequired()) {
            throw Problem.of(
                    ProblemType.SETUP_REQUIRED,
                    "No administrator exists yet: open the one-time setup link that was printed in"
                            + " the terminal where the server was started.");
        }
    }

    private static void checkRole(Route route, @Nullable Session session) {
        if (route.role() == null) {
            return;
        }
        if (session == null) {
            throw Problem.of(
                    ProblemType.NOT_AUTHENTICATED,
                    "Nobody is signed in, or the session has ended: sign in.");
        }
        if (!session.role().includes(route.role())) {
            throw Problem.of(
                    ProblemType.FORBIDDEN,
                    "This needs the role "
                            + route.role()
                            + "; you have "
                            + session.role()
                            + ". An administrator can change that.");
        }
    }

    /**
     * The path below {@code /api/v1}, as it was sent: whatever is decoded before cannot be told
     * apart any more.
     */
    private static String path(HttpServletRequest request) {
        String uri = request.getRequestURI();
        int start = uri.indexOf(WebApi.PATH);
        return start < 0 ? "" : uri.substring(start + WebApi.PATH.length());
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
