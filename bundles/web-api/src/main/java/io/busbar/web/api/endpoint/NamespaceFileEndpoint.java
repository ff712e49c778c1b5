package io.busbar.web.api.endpoint;

import com.google.gson.JsonArray;
import io.busbar.api.accounts.Role;
import io.busbar.api.uns.ImportProblem;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.ModelProposal;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.TextSource;
import io.busbar.json.FieldError;
import io.busbar.json.JsonFields;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.NodeShapes;
import io.busbar.web.api.view.Reasons;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Failures;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import io.busbar.web.http.Request;
import io.busbar.web.http.Route;
import io.busbar.web.http.Router;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * {@code /namespace/import}, {@code /export} and {@code /infer}: importing and exporting nodes as
 * files, and suggesting a model from a payload.
 */
public final class NamespaceFileEndpoint {
    private static final int MAX_SAMPLE = 262_144;

    private final Backend services;
    private final Exports exports;
    private final long maxImportBytes;

    /**
     * Makes the endpoint.
     *
     * @param maxImportBytes largest document
     */
    public NamespaceFileEndpoint(Backend services, Exports exports, long maxImportBytes) {
        this.services = services;
        this.exports = exports;
        this.maxImportBytes = maxImportBytes;
    }

    public void addTo(Router router) {
        router.add(
                        Route.of("POST", "/namespace/import", Role.ENGINEER, this::importDocument)
                                .withBodyInFile(maxImportBytes))
                .add("GET", "/namespace/export", Role.VIEWER, this::export)
                .add("POST", "/namespace/infer", Role.VIEWER, this::infer);
    }

    private Answer importDocument(Request request) throws IOException {
        boolean dryRun = request.queryFlag("dryRun");
        ImportResult result = read(request, dryRun);
        if (result.malformed()) {
            throw Problem.of(
                            ProblemType.MALFORMED_JSON,
                            "The document is not JSON: "
                                    + result.problems().get(0).message()
                                    + ". Nothing was changed.")
                    .withParameters(Failures.parameters(result.problems().get(0).reason()));
        }
        long problems = result.problems().size() + result.moreProblems();
        if (!dryRun && problems > 0) {
            throw Problem.of(
                            ProblemType.VALIDATION,
                            "The document has "
                                    + problems
                                    + " mistakes, the first: "
                                    + result.problems().get(0)
                                    + ". Nothing was imported.")
                    .withErrors(
                            result.problems().stream()
                                    .map(NamespaceFileEndpoint::fieldError)
                                    .toList());
        }
        return Answer.ok(
                new JsonShape()
                        .put("dryRun", dryRun)
                        .put("created", result.created())
                        .put("updated", 0)
                        .put("unchanged", result.unchanged())
                        .put("templates", result.templates())
                        .put("ignoreRules", result.ignoreRules())
                        .put("errors", lines(result.problems()))
                        .put("moreErrors", result.moreProblems())
                        .put("notes", lines(result.notes()))
                        .put("moreNotes", result.moreNotes())
                        .build());
    }

    private static JsonArray lines(List<ImportProblem> problems) {
        return JsonShape.array(
                problems,
                problem ->
                        new JsonShape()
                                .put("path", problem.path())
                                .put("pointer", problem.pointer())
                                .put("line", problem.line())
                                .put("message", problem.message())
                                .put("why", Reasons.toJson(problem.reason()))
                                .build());
    }

    private ImportResult read(Request request, boolean dryRun) throws IOException {
        try {
            return services.namespace()
                    .importJson(TextSource.of(request.bodyFile()), dryRun, request.actor());
        } catch (CharacterCodingException e) {
            throw Problem.of(
                    ProblemType.MALFORMED_JSON, "The body is not UTF-8. Nothing was changed.");
        }
    }

    private static FieldError fieldError(ImportProblem problem) {
        String at = problem.line() > 0 ? "line " + problem.line() + ": " : "";
        Map<String, String> parameters = new HashMap<>(Failures.parameters(problem.reason()));
        if (problem.line() > 0) {
            parameters.put("line", String.valueOf(problem.line()));
        }
        return new FieldError(problem.pointer(), problem.path(), "invalid", at + problem.message())
                .with(parameters);
    }

    private Answer export(Request request) {
        Namespace namespace = services.namespace();
        String path = request.query("path").orElse("");
        UUID id =
                path.isEmpty()
                        ? null
                        : namespace
                                .byPath(path)
                                .orElseThrow(
                                        () ->
                                                Problem.notFound(
                                                        "node",
                                                        path,
                                                        "There is no node '" + path + "'."))
                                .id();
        return exports.answer(
                "application/json", "namespace.json", () -> namespace.export(id)::writeNext);
    }

    private Answer infer(Request request) throws IOException {
        JsonFields body = request.body();
        String sample = body.optText("sample", 1, MAX_SAMPLE);
        String topic = body.optText("topic", 1, 65_535);
        if ((sample == null) == (topic == null)) {
            body.error("sample", "required", "say either sample or topic");
        }
        body.finish();
        Namespace namespace = services.namespace();
        ModelProposal proposal =
                topic != null
                        ? namespace.proposeFor(topic)
                        : namespace.propose(sample == null ? "" : sample);
        return Answer.ok(
                new JsonShape()
                        .put("payloadFormat", proposal.format().name())
                        .put(
                                "fields",
                                JsonShape.array(proposal.model().fields(), NodeShapes::field))
                        .put("quality", proposal.model().quality())
                        .put("payloads", proposal.payloads())
                        .put("notes", JsonShape.texts(proposal.notes()))
                        .put("reasons", JsonShape.array(proposal.reasons(), Reasons::of))
                        .build());
    }
}
