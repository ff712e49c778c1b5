package io.busbar.web.api.endpoint;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.backup.Backup;
import io.busbar.api.storage.ConflictException;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;

/** {@code /backups}: begins a backup of the server, and says which there are. */
public final class BackupsEndpoint {
    private final Backend services;

    public BackupsEndpoint(Backend services) {
        this.services = services;
    }

    public void addTo(Router router) {
        router.add("GET", "/backups", Role.ADMIN, this::list)
                .add("POST", "/backups", Role.ADMIN, this::start);
    }

    private Answer list(Request request) {
        return Answer.ok(
                new JsonShape()
                        .put(
                                "items",
                                JsonShape.array(services.backups().list(), BackupsEndpoint::backup))
                        .build());
    }

    /** The folder is a matter of the configuration: who signs in does not choose it. */
    private Answer start(Request request) {
        try {
            return Answer.json(
                    202, backup(services.backups().start(null, request.actor()).backup()));
        } catch (ConflictException running) {
            throw Problem.of(
                    ProblemType.ALREADY_RUNNING,
                    running.getMessage() + " Wait for its end; GET /api/v1/backups shows it.");
        }
    }

    private static JsonObject backup(Backup backup) {
        return new JsonShape()
                .put("file", backup.file().toString())
                .put("state", backup.state().name())
                .put("startedAt", backup.startedAt())
                .put("doneBytes", backup.doneBytes())
                .put("totalBytes", backup.totalBytes())
                .put("sizeBytes", backup.sizeBytes())
                .put("failure", backup.failure())
                .build();
    }
}
