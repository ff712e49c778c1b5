package io.busbar.web.console;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * Serves the console on every path that no other servlet has: the API's pattern is longer and
 * always wins. Thread-safe; touches no disk after a file's first use, and holds no thread while a
 * browser takes a file slowly.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("busbar-web-console")
@HttpWhiteboardServletPattern("/")
@HttpWhiteboardServletAsyncSupported
public final class StaticServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Set<String> METHODS = Set.of("GET", "HEAD");

    /**
     * No inline script or style, nothing from elsewhere, no frame around it, no text that becomes
     * script.
     */
    static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self';"
                    + " frame-ancestors 'none'; require-trusted-types-for 'script'";

    private final transient Site site;

    /** Serves the application that the build put beside this class. */
    @Activate
    public StaticServlet() {
        this(new Site(name -> StaticServlet.class.getResourceAsStream("app/" + name)));
    }

    StaticServlet(Site site) {
        this.site = site;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        secure(request, response);
        if (!METHODS.contains(request.getMethod())) {
            response.setHeader("Allow", "GET, HEAD");
            response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            return;
        }
        Site.Answer answer =
                site.answer(
                        path(request),
                        request.getHeader("Accept"),
                        request.getHeader("Accept-Encoding"),
                        request.getHeader("If-None-Match"));
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        if (answer.status() != HttpServletResponse.SC_NOT_MODIFIED) {
            response.setContentLength(answer.body().length);
            if (request.getMethod().equals("GET") && answer.body().length > 0) {
                FileWriter.send(request.startAsync(), answer.body());
            }
        }
    }

    /** The decoded path below the context: a default servlet gets all of it as its servlet path. */
    private static String path(HttpServletRequest request) {
        String rest = request.getPathInfo();
        String path = request.getServletPath() + (rest == null ? "" : rest);
        return path.isEmpty() ? "/" : path;
    }

    private static void secure(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        if (request.isSecure()) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
    }
}
