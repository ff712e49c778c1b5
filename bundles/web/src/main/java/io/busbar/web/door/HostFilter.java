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
 * Stands before everything that is served over HTTP, the console's files included: a request that
 * was sent to a name that is not ours gets no further. Thread-safe.
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
