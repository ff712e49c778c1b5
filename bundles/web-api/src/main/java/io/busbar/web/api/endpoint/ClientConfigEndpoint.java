package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.api.auth.Credential;
import io.busbar.json.JsonFields;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.clientconfig.ClientConfig;
import io.busbar.web.api.view.EndpointList;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code /credentials/{id}/client-config}: configuration files for client programs. A file contains
 * the password only if the caller sends it with the request. It is not checked, stored or logged.
 */
public final class ClientConfigEndpoint {
    private static final List<String> FORMATS =
            Arrays.stream(ClientConfig.Format.values()).map(ClientConfig.Format::text).toList();
    private static final List<String> SCHEMES = List.of("mqtt", "mqtts", "ws", "wss");

    private final Backend services;
    private final EndpointList endpoints;

    public ClientConfigEndpoint(Backend services, EndpointList endpoints) {
        this.services = services;
        this.endpoints = endpoints;
    }

    public void addTo(Router router) {
        router.add("GET", "/credentials/{id}/client-config", Role.VIEWER, this::withPlaceholder)
                .add("POST", "/credentials/{id}/client-config", Role.VIEWER, this::withPassword);
    }

    private Answer withPlaceholder(Request request) {
        request.requiredQuery("for");
        String format = request.queryChoice("for", FORMATS).orElseThrow();
        String scheme = request.queryChoice("scheme", SCHEMES).orElse(null);
        return file(request, format, scheme, ClientConfig.PLACEHOLDER);
    }

    private Answer withPassword(Request request) throws IOException {
        JsonFields body = request.body();
        String format = body.text("for", 1, 32);
        String scheme = body.optText("scheme", 1, 8);
        String password = body.optText("password", 1, 256);
        if (!format.isEmpty() && !FORMATS.contains(format)) {
            body.error(
                    "for",
                    "enum",
                    "for: '" + format + "' (expected: " + String.join(", ", FORMATS) + ")");
        }
        if (scheme != null && !SCHEMES.contains(scheme)) {
            body.error(
                    "scheme",
                    "enum",
                    "scheme: '" + scheme + "' (expected: " + String.join(", ", SCHEMES) + ")");
        }
        body.finish();
        return file(
                request, format, scheme, password == null ? ClientConfig.PLACEHOLDER : password);
    }

    private Answer file(Request request, String format, @Nullable String scheme, String password) {
        String id = request.path("id");
        Credential credential =
                services.credentials()
                        .get(id)
                        .orElseThrow(
                                () ->
                                        Problem.notFound(
                                                "credential",
                                                id,
                                                "There is no credential '"
                                                        + id
                                                        + "'; it may have been deleted."));
        EndpointList.Endpoint endpoint = EndpointList.forClient(endpoints.all(request), scheme);
        ClientConfig.Format kind = ClientConfig.Format.values()[FORMATS.indexOf(format)];
        ClientConfig config = new ClientConfig(credential, endpoint, password);
        return Answer.text(kind.contentType(), config.text(kind))
                .header(
                        "Content-Disposition",
                        "attachment; filename=\"" + config.fileName(kind) + "\"");
    }
}
