package io.busbar.web.api.http;

import io.busbar.api.accounts.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One method of one path.
 *
 * @param segments of the path below {@code /api/v1}; one in braces stands for any
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
        Handler handler) {}
