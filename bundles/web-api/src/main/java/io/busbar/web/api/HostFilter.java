package io.busbar.web.api;

import io.busbar.web.api.config.Settings;
import io.busbar.web.api.http.Answer;
import io.busbar.web.api.http.Problem;
import io.busbar.web.api.http.RequestGuard;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Stands before everything that is served over HTTP, the console's files included: a request that
 * was sent to a name that is not ours gets no further. Thread-safe.
 */
final class HostFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private final transient Supplier<Settings> settings;

    HostFilter(Supplier<Settings> settings) {
        this.settings = settings;
    }

    @Override
    protected void doFilter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            RequestGuard.checkHost(request, settings.get().allowedHosts());
        } catch (Problem foreign) {
            RequestGuard.secure(request, response);
            ApiServlet.send(Answer.problem(foreign, request.getRequestURI()), request, response);
            return;
        }
        chain.doFilter(request, response);
    }
}
