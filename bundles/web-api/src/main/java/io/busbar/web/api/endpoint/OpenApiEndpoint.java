package io.busbar.web.api.endpoint;

import io.busbar.web.http.Answer;
import io.busbar.web.http.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** {@code /openapi.json}: the description of this API. */
public final class OpenApiEndpoint {
    private static final String RESOURCE = "/io/busbar/web/api/openapi.json";

    private final String document;

    public OpenApiEndpoint() {
        this.document = document();
    }

    /** The document's text. */
    public static String document() {
        try (InputStream in = OpenApiEndpoint.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing in the bundle");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void addTo(Router router) {
        router.open("GET", "/openapi.json", request -> Answer.text("application/json", document));
    }
}
