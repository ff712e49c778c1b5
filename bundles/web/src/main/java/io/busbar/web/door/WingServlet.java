package io.busbar.web.door;

import io.busbar.api.accounts.Accounts;
import io.busbar.web.caller.Caller;
import io.busbar.web.caller.Callers;
import io.busbar.web.head.RequestHead;
import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.HttpWing;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
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

/**
 * The servlet of one wing. It checks, in this order: the path, whether the server is set up, where
 * a changing request comes from, who sent it, and whether the person's role suffices. Then the
 * {@link Exchange} reads the body, and the wing's handler answers. Exceptions become problem
 * documents. Called by many threads at once.
 */
final class WingServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Pattern PATH = Pattern.compile("(?:/[A-Za-z0-9._~-]+)+");

    private final String prefix;
    private final transient Router router = new Router();
    private final transient Supplier<Optional<Accounts>> accounts;
    private final transient Callers callers;
    private final transient Exchange.Means means;

    /**
     * Creates the servlet and asks the wing for its routes.
     *
     * @throws IllegalArgumentException if the wing's path is not valid
     */
    WingServlet(
            HttpWing wing,
            Supplier<Optional<Accounts>> accounts,
            Callers callers,
            Exchange.Means means) {
        this.prefix = wing.path();
        if (!PATH.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "path: \"" + prefix + "\" (expected: a path such as /api/v1)");
        }
        this.accounts = accounts;
        this.callers = callers;
        this.means = means;
        wing.addTo(router);
    }

    /** Nothing here waits: that is for the workers. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        RequestGuard.secure(request, response);
        Exchange exchange = new Exchange(request, response, means);
        try {
            Router.Match match = router.match(request.getMethod(), path(request));
            exchange.begin(match.route().urgent(), () -> serve(exchange, match));
        } catch (Problem none) {
            exchange.begin(
                    false,
                    () -> {
                        checkSetUp();
                        throw none;
                    });
        }
    }

    private void serve(Exchange exchange, Router.Match match) throws IOException {
        RequestHead request = exchange.head();
        Route route = match.route();
        // Until the first administrator exists nobody learns more than that.
        if (!route.beforeSetup()) {
            checkSetUp();
        }
        checkOrigin(request);
        Caller caller = route.urgent() ? null : callers.find(request).orElse(null);
        checkRole(route, caller);
        if (caller != null && route.activity()) {
            callers.active(caller);
        }
        exchange.serve(match, caller);
    }

    private void checkOrigin(RequestHead request) {
        try {
            RequestGuard.checkOrigin(request, means.allowedHosts().get());
        } catch (Problem foreign) {
            means.counters().count(HttpCounters.Cause.ORIGIN_NOT_ALLOWED);
            throw foreign;
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
}
