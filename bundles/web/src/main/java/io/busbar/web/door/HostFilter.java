package io.busbar.web.door;

import io.busbar.web.http.Answer;
import io.busbar.web.http.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Refuses every HTTP request that was sent to a host name that is not one of this server's. Applies
 * to everything that is served, including the console's files. Thread-safe.
 */
final class HostFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private final transient Supplier<Set<String>> allowedHosts;

    HostFilter(Supplier<Set<String>> allowedHosts) {
        this.allowedHosts = allowedHosts;
    }

    @Override
    protected void doFilter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            RequestGuard.checkHost(request, allowedHosts.get());
        } catch (Problem foreign) {
            RequestGuard.secure(request, response);
            WingServlet.send(Answer.problem(foreign, request.getRequestURI()), request, response);
            return;
        }
        chain.doFilter(request, response);
    }
}
