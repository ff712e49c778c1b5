package io.busbar.web.http;

import io.busbar.api.accounts.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One method of one path.
 *
 * @param segments of the path below that of the wing; one in braces stands for any
 * @param role the least role that may call it; null = anybody
 * @param beforeSetup whether it answers while no administrator exists
 * @param activity whether a call counts as activity of the session
 * @param maxBodyBytes largest body that is read
 */
public record Route(
        String method,
        List<String> segments,
        @Nullable Role role,
        boolean beforeSetup,
        boolean activity,
        int maxBodyBytes,
        Handler handler) {
    /** Largest ordinary body: 1 MiB. */
    public static final int BODY_BYTES = 1 << 20;

    /**
     * A route for people with at least the role.
     *
     * @param path below that of the wing, e.g. {@code /clients/{clientId}}
     */
    public static Route of(String method, String path, Role role, Handler handler) {
        return new Route(method, split(path), role, false, true, BODY_BYTES, handler);
    }

    /** A route for everybody, once there is an administrator. */
    public static Route open(String method, String path, Handler handler) {
        return new Route(method, split(path), null, false, false, BODY_BYTES, handler);
    }

    /** The same, also while no administrator exists. */
    public Route alsoBeforeSetup() {
        return new Route(method, segments, role, true, activity, maxBodyBytes, handler);
    }

    /**
     * The same, but a call is no sign that somebody is there: an idle session ends all the same.
     */
    public Route withoutActivity() {
        return new Route(method, segments, role, beforeSetup, false, maxBodyBytes, handler);
    }

    /** The same with another largest body. */
    public Route withMaxBody(int bytes) {
        return new Route(method, segments, role, beforeSetup, activity, bytes, handler);
    }

    /** The segments of a path, as they are written. */
    static List<String> split(String path) {
        String relative = path.startsWith("/") ? path.substring(1) : path;
        return path.isEmpty() ? List.of() : List.of(relative.split("/", -1));
    }
}
