package io.busbar.web.door;

import io.busbar.web.http.Answer;
import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Shows every HTTP request as the client of a trusted proxy made it, and refuses those that were
 * sent to a host name that is not one of this server's. Applies to everything that is served,
 * including the console's files. Thread-safe.
 */
final class HostFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private final transient Supplier<WebSettings> settings;
    private final transient HttpCounters counters;

    HostFilter(Supplier<WebSettings> settings, HttpCounters counters) {
        this.settings = settings;
        this.counters = counters;
    }

    @Override
    protected void doFilter(
            HttpServletRequest connection, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        WebSettings now = settings.get();
        HttpServletRequest request = ForwardedRequest.of(connection, now.trustedProxies());
        try {
            RequestGuard.checkHost(request, now.machineNames(), now.allowedHosts());
        } catch (Problem foreign) {
            counters.count(HttpCounters.Cause.HOST_NOT_ALLOWED);
            refuse(foreign, request, response);
            return;
        }
        chain.doFilter(request, response);
    }

    /** Without a length: then the web server sends it when this thread has left. */
    private static void refuse(
            Problem problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        RequestGuard.secure(request, response);
        Answer answer = Answer.problem(problem, request.getRequestURI());
        response.setStatus(answer.status());
        response.setContentType(answer.contentType());
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(answer.body());
        }
    }
}
