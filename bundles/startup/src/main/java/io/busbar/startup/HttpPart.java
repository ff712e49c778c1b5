package io.busbar.startup;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;

/**
 * A part of the server that answers over HTTP. The web server listens before it has any of them,
 * and answers 404 until then.
 */
enum HttpPart {
    API("io.busbar.web.api", "/api/v1/*", "the web API (web-api)"),
    CONSOLE("io.busbar.web.console", "/", "the pages of the console (web-console)");

    private final String bundle;
    private final String pattern;
    private final String words;

    HttpPart(String bundle, String pattern, String words) {
        this.bundle = bundle;
        this.pattern = pattern;
        this.words = words;
    }

    /** The symbolic name of the bundle that has it. */
    String bundle() {
        return bundle;
    }

    /** Whether the web server sends requests to it. */
    boolean answers(@Nullable HttpServiceRuntime http) {
        return http != null
                && Arrays.stream(http.getRuntimeDTO().servletContextDTOs)
                        .flatMap(context -> Arrays.stream(context.servletDTOs))
                        .flatMap(servlet -> Arrays.stream(servlet.patterns))
                        .anyMatch(pattern::equals);
    }

    @Override
    public String toString() {
        return words;
    }
}
