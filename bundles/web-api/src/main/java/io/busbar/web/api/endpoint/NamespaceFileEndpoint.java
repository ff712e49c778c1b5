package io.busbar.web.api.endpoint;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Namespace;
import io.busbar.json.FieldError;
import io.busbar.json.Json;
import io.busbar.json.JsonFields;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.NodeShapes;
import io.busbar.web.api.view.ValueShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import io.busbar.web.http.Request;
import io.busbar.web.http.Route;
import io.busbar.web.http.Router;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /namespace/import}, {@code /export} and {@code /infer}: importing and exporting nodes as
 * files, and suggesting a model from a payload.
 */
public final class NamespaceFileEndpoint {
    private static final int MAX_SAMPLE = 262_144;

    /** Values of a document, those inside others included: 100,000 nodes with their fields. */
    private static final int MAX_VALUES = 5_000_000;

    /**
     * A message that begins with its place: a path in the document, or a JSON Pointer, then a
     * colon.
     */
    private static final Pattern PLACE =
            Pattern.compile("^([^\\s:]+)(?: \\(([^:]*)\\))?: (.*)$", Pattern.DOTALL);

    private final Backend services;
    private final int maxImportBytes;

    /**
     * Makes the endpoint.
     *
     * @param maxImportBytes largest document
     */
    public NamespaceFileEndpoint(Backend services, int maxImportBytes) {
        this.services = services;
        this.maxImportBytes = maxImportBytes;
    }

    public void addTo(Router router) {
        router.add(
                        Route.of("POST", "/namespace/import", Role.ENGINEER, this::importDocument)
                                .withMaxBody(maxImportBytes))
                .add("GET", "/namespace/export", Role.VIEWER, this::export)
                .add("POST", "/namespace/infer", Role.VIEWER, this::infer);
    }

    private Answer importDocument(Request request) throws IOException {
        boolean dryRun = request.queryFlag("dryRun");
        String text = request.text();
        try {
            if (!Json.parse(text, Json.MAX_DEPTH, MAX_VALUES).isJsonObject()) {
                throw Problem.validation(
                        new FieldError(
                                "",
                                "",
                                "type",
                                "the document is no object (expected: {\"namespace\":[…]})"));
            }
        } catch (IllegalArgumentException e) {
            throw Problem.of(
                    ProblemType.MALFORMED_JSON,
                    "The document is not JSON: " + e.getMessage() + ". Nothing was changed.");
        }
        ImportResult result = services.namespace().importJson(text, dryRun, request.actor());
        if (!dryRun && !result.errors().isEmpty()) {
            List<FieldError> errors = new ArrayList<>();
            for (String error : result.errors()) {
                Place place = Place.of(error);
                errors.add(
                        new FieldError(place.pointer(), place.path(), "invalid", place.message()));
            }
            throw Problem.of(
                            ProblemType.VALIDATION,
                            "The document has "
                                    + errors.size()
                                    + " mistakes, the first: "
                                    + result.errors().get(0)
                                    + ". Nothing was imported.")
                    .withErrors(errors);
        }
        return Answer.ok(
                new JsonShape()
                        .put("dryRun", dryRun)
                        .put("created", result.created().size())
                        .put("updated", 0)
                        .put("unchanged", result.unchanged().size())
                        .put(
                                "errors",
                                JsonShape.array(result.errors(), error -> Place.of(error).toJson()))
                        .build());
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
                                        () -> Problem.notFound("There is no node '" + path + "'."))
                                .id();
        return Answer.text("application/json", namespace.exportJson(id))
                .header("Content-Disposition", "attachment; filename=\"namespace.json\"");
    }

    private Answer infer(Request request) throws IOException {
        JsonFields body = request.body();
        String sample = body.text("sample", 1, MAX_SAMPLE);
        body.finish();
        List<Field> fields = services.namespace().infer(sample);
        List<String> notes = new ArrayList<>();
        for (String name : ValueShapes.namesOf(sample, fields)) {
            notes.add("\"" + name + "\" is read as the source time, or cannot be a field.");
        }
        return Answer.ok(
                new JsonShape()
                        .put("payloadFormat", isObject(sample) ? "JSON" : "SCALAR")
                        .put("fields", JsonShape.array(fields, NodeShapes::field))
                        .put("notes", JsonShape.texts(notes))
                        .build());
    }

    private static boolean isObject(String sample) {
        return sample.stripLeading().startsWith("{");
    }

    /** Where in the document something is wrong, and what. */
    private record Place(String path, String pointer, String message) {
        static Place of(String error) {
            Matcher matcher = PLACE.matcher(error);
            if (!matcher.matches()) {
                return new Place("", "", error);
            }
            String place = matcher.group(1);
            boolean index = place.endsWith("]");
            String pointer =
                    place.startsWith("/")
                            ? place
                            : index
                                    ? "/"
                                            + place.replace("]", "")
                                                    .replace('[', '/')
                                                    .replace('.', '/')
                                    : "";
            String path = matcher.group(2);
            return new Place(path == null ? place : path, pointer, matcher.group(3));
        }

        JsonObject toJson() {
            return new JsonShape()
                    .put("path", path)
                    .put("pointer", pointer)
                    .put("message", message)
                    .build();
        }
    }
}
