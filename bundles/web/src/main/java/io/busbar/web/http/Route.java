package io.busbar.web.http;

import io.busbar.api.accounts.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One method of one path, with the handler that serves it and the checks before it.
 *
 * @param method the HTTP method, in upper case
 * @param segments the segments of the path below the wing's path; a segment in braces is a
 *     parameter, which matches any text
 * @param role the lowest role that may call it; null = everybody, without signing in
 * @param beforeSetup whether it can be called while no administrator exists
 * @param activity whether a call counts as activity of the session
 * @param maxBodyBytes largest request body, in bytes
 * @param bodyToFile whether the body is received into a file, see {@link Request#bodyFile}
 * @param urgent whether it is served by threads of its own, also while all others are busy
 * @param handler serves the requests
 */
public record Route(
        String method,
        List<String> segments,
        @Nullable Role role,
        boolean beforeSetup,
        boolean activity,
        long maxBodyBytes,
        boolean bodyToFile,
        boolean urgent,
        Handler handler) {
    /** Largest request body unless the route sets another: 1 MiB. */
    public static final int BODY_BYTES = 1 << 20;

    /** Largest body of a route that is open to everybody: a name and a password fit in. */
    public static final int OPEN_BODY_BYTES = 1 << 13;

    /**
     * Creates a route for people who have at least this role.
     *
     * @param path the path below the wing's path, e.g. {@code /clients/{clientId}}
     */
    public static Route of(String method, String path, Role role, Handler handler) {
        return new Route(method, split(path), role, false, true, BODY_BYTES, false, false, handler);
    }

    /** Creates a route for everybody, available once an administrator exists. */
    public static Route open(String method, String path, Handler handler) {
        return new Route(
                method, split(path), null, false, false, OPEN_BODY_BYTES, false, false, handler);
    }

    /** Returns this route, also available while no administrator exists. */
    public Route alsoBeforeSetup() {
        return new Route(
                method, segments, role, true, activity, maxBodyBytes, bodyToFile, urgent, handler);
    }

    /**
     * Returns this route without counting calls as activity: an idle session ends in spite of them.
     */
    public Route withoutActivity() {
        return new Route(
                method,
                segments,
                role,
                beforeSetup,
                false,
                maxBodyBytes,
                bodyToFile,
                urgent,
                handler);
    }

    /** Returns this route with another limit for the request body. */
    public Route withMaxBody(int bytes) {
        return new Route(
                method, segments, role, beforeSetup, activity, bytes, bodyToFile, urgent, handler);
    }

    /**
     * Returns this route with a body that is received into a file, so that it may be larger than
     * memory.
     *
     * @param bytes largest body
     */
    public Route withBodyInFile(long bytes) {
        return new Route(
                method, segments, role, beforeSetup, activity, bytes, true, urgent, handler);
    }

    /**
     * The same, served by threads of its own: it answers also while all others are busy. For what
     * watches the server; takes no body and returns soon.
     */
    public Route alsoWhenBusy() {
        return new Route(method, segments, role, beforeSetup, activity, 0, false, true, handler);
    }

    /** Splits a path into its segments, without decoding them. */
    static List<String> split(String path) {
        String relative = path.startsWith("/") ? path.substring(1) : path;
        return path.isEmpty() ? List.of() : List.of(relative.split("/", -1));
    }
}
