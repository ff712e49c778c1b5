package io.busbar.web.http;

import io.busbar.api.accounts.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a wing. Filled once by {@link HttpWing#addTo}, then only read, by any thread. A
 * route needs a role unless it is explicitly added as open.
 */
public final class Router {
    private String help = "";
    private final List<Route> routes = new ArrayList<>();

    /**
     * Adds a route for people who have at least this role.
     *
     * @param path the path below the wing's path, e.g. {@code /{line}}; empty for the wing's path
     *     itself. A segment in braces is a parameter, see {@link Request#path}
     */
    public Router add(String method, String path, Role role, Handler handler) {
        return add(Route.of(method, path, role, handler));
    }

    /** Adds a route for everybody, also available while no administrator exists. */
    public Router open(String method, String path, Handler handler) {
        return add(Route.open(method, path, handler).alsoBeforeSetup());
    }

    /** Adds a route. */
    public Router add(Route route) {
        routes.add(route);
        return this;
    }

    /**
     * Sets a sentence that is added to the answer if a path does not exist, e.g. where the paths
     * are described.
     */
    public Router help(String sentence) {
        help = sentence;
        return this;
    }

    /** Returns all routes in the order in which they were added. */
    public List<Route> routes() {
        return List.copyOf(routes);
    }

    /**
     * Finds the route for a request.
     *
     * @param path the path below the wing's path, still percent-encoded
     * @throws Problem 404 if no route has the path, 405 if none of them has the method
     */
    public Match match(String method, String path) {
        List<String> segments = Route.split(path);
        TreeSet<String> allowed = new TreeSet<>();
        Match best = null;
        for (Route route : routes) {
            Map<String, String> parameters = parameters(route, segments);
            if (parameters == null) {
                continue;
            }
            allowed.add(route.method());
            boolean fits =
                    route.method().equals(method)
                            || method.equals("HEAD") && route.method().equals("GET");
            if (fits && (best == null || parameters.size() < best.parameters().size())) {
                best = new Match(route, parameters);
            }
        }
        if (best != null) {
            return best;
        }
        if (allowed.isEmpty()) {
            throw Problem.notFound(("There is nothing at this path. " + help).strip());
        }
        String list = String.join(", ", allowed);
        throw Problem.of(
                        ProblemType.METHOD_NOT_ALLOWED,
                        method + " is not offered here (expected: " + list + ").")
                .withHeader("Allow", list);
    }

    private static @Nullable Map<String, String> parameters(Route route, List<String> segments) {
        List<String> pattern = route.segments();
        if (pattern.size() != segments.size()) {
            return null;
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < pattern.size(); i++) {
            String wanted = pattern.get(i);
            String came = PercentCode.decode(segments.get(i));
            if (wanted.startsWith("{")) {
                if (came.isEmpty()) {
                    return null;
                }
                parameters.put(wanted.substring(1, wanted.length() - 1), came);
            } else if (!wanted.equals(came)) {
                return null;
            }
        }
        return parameters;
    }

    /** A route that matches a request, with the values of its path parameters. */
    public record Match(Route route, Map<String, String> parameters) {}
}
