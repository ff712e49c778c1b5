package io.busbar.web.api.endpoint;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.StorageException;
import io.busbar.api.transfer.ImportReport;
import io.busbar.api.transfer.ImportRule;
import io.busbar.api.transfer.MalformedStateException;
import io.busbar.api.transfer.StatePart;
import io.busbar.json.FieldError;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import io.busbar.web.http.Request;
import io.busbar.web.http.Route;
import io.busbar.web.http.Router;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * {@code /state/export} and {@code /state/import}: credentials, retained messages and sessions as
 * lines of JSON.
 */
public final class StateEndpoint {
    private final Backend services;
    private final Exports exports;
    private final long maxImportBytes;

    public StateEndpoint(Backend services, Exports exports, long maxImportBytes) {
        this.services = services;
        this.exports = exports;
        this.maxImportBytes = maxImportBytes;
    }

    public void addTo(Router router) {
        router.add("GET", "/state/export", Role.ADMIN, this::export)
                .add(
                        Route.of("POST", "/state/import", Role.ADMIN, this::importLines)
                                .withBodyInFile(maxImportBytes));
    }

    private Answer export(Request request) {
        Set<StatePart> parts = parts(request);
        return exports.answer(
                Request.LINES,
                "busbar-state.ndjson",
                () -> services.transfer().export(parts, request.actor())::writeNext);
    }

    private static Set<StatePart> parts(Request request) {
        String wanted = request.query("parts").orElse("");
        if (wanted.isEmpty()) {
            return EnumSet.allOf(StatePart.class);
        }
        Set<StatePart> parts = EnumSet.noneOf(StatePart.class);
        for (String name : wanted.split(",", -1)) {
            try {
                parts.add(StatePart.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw Problem.validation(
                        FieldError.parameter(
                                "parts",
                                "enum",
                                "parts is '"
                                        + wanted
                                        + "' (expected: credentials, retained, sessions)"));
            }
        }
        return parts;
    }

    private Answer importLines(Request request) throws IOException {
        ImportRule rule =
                new ImportRule(
                        request.queryFlag("replace"), request.queryFlag("dryRun"), parts(request));
        try (InputStream lines =
                new BufferedInputStream(Files.newInputStream(request.bodyFileOfLines()))) {
            return Answer.ok(report(services.transfer().importLines(lines, rule, request.actor())));
        } catch (MalformedStateException e) {
            throw Problem.of(ProblemType.MALFORMED_JSON, e.getMessage() + " Nothing was changed.");
        } catch (ConflictException e) {
            throw Problem.of(ProblemType.ALREADY_RUNNING, e.getMessage());
        } catch (StorageException e) {
            throw Problem.of(
                    ProblemType.UNAVAILABLE,
                    "The import ended early, what was made before stays: "
                            + e.getMessage()
                            + ". It can be repeated.");
        }
    }

    private static JsonObject report(ImportReport report) {
        JsonShape shape =
                new JsonShape().put("dryRun", report.dryRun()).put("complete", report.complete());
        for (StatePart part : StatePart.values()) {
            ImportReport.Count count = report.parts().get(part);
            if (count != null) {
                JsonShape figures =
                        new JsonShape()
                                .put("created", count.created())
                                .put("replaced", count.replaced())
                                .put("skipped", count.skipped());
                if (part == StatePart.SESSIONS) {
                    figures.put("messages", count.messages());
                }
                shape.put(part.name().toLowerCase(Locale.ROOT), figures.build());
            }
        }
        return shape.put(
                        "errors",
                        JsonShape.array(
                                report.problems(),
                                problem ->
                                        new JsonShape()
                                                .put("line", problem.line())
                                                .put("message", problem.message())
                                                .build()))
                .put("moreErrors", report.moreProblems())
                .build();
    }
}
