package io.busbar.web.api.endpoint;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.NewTemplate;
import io.busbar.api.uns.NewTemplateVersion;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.TakenException;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateFacts;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.api.uns.Templates;
import io.busbar.json.JsonFields;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.TemplateShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Failures;
import io.busbar.web.http.Page;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /templates}: models that many topics share, and their versions. */
public final class TemplatesEndpoint {
    private static final int MAX_LABELS = 32;
    private static final int MAX_LABEL = 64;
    private static final int MAX_DESCRIPTION = 1000;

    private final Backend services;
    private final TemplateShapes shapes;

    public TemplatesEndpoint(Backend services, TemplateShapes shapes) {
        this.services = services;
        this.shapes = shapes;
    }

    public void addTo(Router router) {
        router.add("GET", "/templates", Role.VIEWER, this::list)
                .add("POST", "/templates", Role.ENGINEER, this::create)
                .add("GET", "/templates/{id}", Role.VIEWER, this::get)
                .add("PATCH", "/templates/{id}", Role.ENGINEER, this::update)
                .add("DELETE", "/templates/{id}", Role.ENGINEER, this::delete)
                .add("GET", "/templates/{id}/nodes", Role.VIEWER, this::nodes)
                .add("GET", "/templates/{id}/versions", Role.VIEWER, this::versions)
                .add("POST", "/templates/{id}/versions", Role.ENGINEER, this::publish)
                .add("GET", "/templates/{id}/versions/{version}", Role.VIEWER, this::version);
    }

    private Templates templates() {
        return services.namespace().templates();
    }

    private Template template(Request request) {
        return TemplateBody.template(services, request);
    }

    private Answer list(Request request) {
        String text = request.query("q").orElse("").toLowerCase(Locale.ROOT);
        List<Template> found =
                templates().list().stream().filter(each -> matches(each, text)).toList();
        Map<UUID, Map<SemanticVersion, Integer>> pinned = templates().pinned();
        return Answer.ok(
                Page.of(
                        request,
                        found,
                        each -> each.id().toString(),
                        each ->
                                TemplateShapes.toJson(
                                        each, pinned.getOrDefault(each.id(), Map.of()))));
    }

    private static boolean matches(Template template, String text) {
        return text.isEmpty()
                || has(template.name(), text)
                || has(template.alias(), text)
                || template.facts().labels().stream().anyMatch(each -> has(each, text))
                || template.latest().model().fields().stream().anyMatch(each -> has(each, text));
    }

    private static boolean has(Field field, String text) {
        return has(field.name(), text) || has(field.unit(), text);
    }

    private static boolean has(@Nullable String in, String text) {
        return in != null && in.toLowerCase(Locale.ROOT).contains(text);
    }

    private Answer create(Request request) throws IOException {
        JsonFields body = request.body();
        String name = body.text("name", 1, Template.MAX_NAME);
        TemplateBody.checked(body, name);
        String alias = body.optText("alias", 0, 128);
        String description = body.optText("description", 0, MAX_DESCRIPTION);
        List<String> labels = body.optTexts("labels", MAX_LABELS, MAX_LABEL);
        NewTemplateVersion first = TemplateBody.version(body);
        body.finish();
        Template made =
                templates()
                        .create(
                                new NewTemplate(
                                        new TemplateFacts(
                                                name,
                                                emptyToNull(description),
                                                labels == null ? List.of() : labels),
                                        alias,
                                        first),
                                request.actor());
        return Answer.created(shapes.toJson(made), path(made)).etag(made.revision());
    }

    private static String path(Template template) {
        return "/api/v1/templates/" + template.id();
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private Answer get(Request request) {
        return one(template(request));
    }

    private Answer one(Template template) {
        return Answer.ok(shapes.toJson(template)).etag(template.revision());
    }

    private Answer update(Request request) throws IOException {
        JsonFields body = request.body();
        String name = TemplateBody.checked(body, body.optText("name", 1, Template.MAX_NAME));
        String description =
                body.isNull("description") ? "" : body.optText("description", 0, MAX_DESCRIPTION);
        List<String> labels = body.optTexts("labels", MAX_LABELS, MAX_LABEL);
        body.finish();
        Template before = template(request);
        long expected = TemplateBody.requiredRevision(request, before);
        try {
            return one(
                    templates()
                            .update(
                                    before.id(),
                                    expected,
                                    old ->
                                            new TemplateFacts(
                                                    name == null ? old.name() : name,
                                                    description == null
                                                            ? old.description()
                                                            : emptyToNull(description),
                                                    labels == null ? old.labels() : labels),
                                    request.actor()));
        } catch (ConflictException e) {
            throw mismatchOr(before.id(), expected, e);
        }
    }

    private RuntimeException mismatchOr(UUID id, long expected, ConflictException e) {
        long now = templates().get(id).map(Template::revision).orElse(expected);
        return expected != 0 && now != expected ? Failures.revisionMismatch(expected, now) : e;
    }

    private Answer delete(Request request) {
        Template template = template(request);
        long expected = TemplateBody.revision(request, template);
        try {
            templates().delete(template.id(), expected, request.actor());
        } catch (TakenException e) {
            throw inUse(e);
        } catch (ConflictException e) {
            throw mismatchOr(template.id(), expected, e);
        }
        return Answer.noContent();
    }

    private static RuntimeException inUse(TakenException e) {
        return e.reason().code() == Reason.Code.TEMPLATE_PINNED
                ? Problem.of(ProblemType.IN_USE, e.getMessage() + ". Nothing was changed.")
                        .withParameters(Failures.parameters(e.reason()))
                : e;
    }

    private Answer nodes(Request request) {
        Template template = template(request);
        SemanticVersion version = request.query("version").map(SemanticVersion::of).orElse(null);
        List<Node> nodes = templates().pinning(template.id(), version);
        return Answer.ok(
                Page.of(request, nodes, each -> each.id().toString(), TemplateShapes::pinning));
    }

    private Answer versions(Request request) {
        Template template = template(request);
        return Answer.ok(new JsonShape().put("items", shapes.versions(template)).build())
                .etag(template.revision());
    }

    private Answer publish(Request request) throws IOException {
        JsonFields body = request.body();
        NewTemplateVersion wanted = TemplateBody.version(body);
        body.finish();
        Template before = template(request);
        long expected = TemplateBody.requiredRevision(request, before);
        try {
            Template after = templates().addVersion(before.id(), expected, wanted, request.actor());
            TemplateVersion made = after.latest();
            return Answer.created(
                            shapes.version(after, made, before.latest()),
                            path(after) + "/versions/" + made.version())
                    .etag(after.revision());
        } catch (ConflictException e) {
            throw mismatchOr(before.id(), expected, e);
        }
    }

    private Answer version(Request request) {
        Template template = template(request);
        String number = request.path("version");
        TemplateVersion version =
                Optional.ofNullable(SemanticVersion.parse(number))
                        .flatMap(template::version)
                        .orElseThrow(
                                () ->
                                        Problem.notFound(
                                                "version",
                                                number,
                                                "The template '"
                                                        + template.name()
                                                        + "' has no version '"
                                                        + number
                                                        + "'."));
        TemplateVersion since =
                request.query("since")
                        .map(SemanticVersion::of)
                        .map(template::require)
                        .orElseGet(() -> before(template, version));
        JsonObject json = shapes.version(template, version, since);
        return Answer.ok(json).etag(template.revision());
    }

    /** The version before one; null if it is the first. */
    private static @Nullable TemplateVersion before(Template template, TemplateVersion version) {
        int index = template.versions().indexOf(version);
        return index <= 0 ? null : template.versions().get(index - 1);
    }
}
