package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateImpact;
import io.busbar.api.uns.TemplateMove;
import io.busbar.api.uns.Templates;
import io.busbar.json.JsonFields;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.TemplateShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Failures;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /templates/{id}/impact} and {@code /apply}: topics pin another version. */
public final class TemplateMovesEndpoint {
    private static final int MAX_NODES = 100_000;

    private final Backend services;

    public TemplateMovesEndpoint(Backend services) {
        this.services = services;
    }

    public void addTo(Router router) {
        router.add("GET", "/templates/{id}/impact", Role.VIEWER, this::impact)
                .add("POST", "/templates/{id}/impact", Role.ENGINEER, this::impactOfDraft)
                .add("POST", "/templates/{id}/apply", Role.ENGINEER, this::apply);
    }

    private Templates templates() {
        return services.namespace().templates();
    }

    private Answer impact(Request request) {
        Template template = TemplateBody.template(services, request);
        SemanticVersion from = request.query("from").map(SemanticVersion::of).orElse(null);
        SemanticVersion to =
                request.query("to").map(SemanticVersion::of).orElse(template.latest().version());
        return answer(template, templates().impact(template.id(), from, to));
    }

    private Answer impactOfDraft(Request request) throws IOException {
        JsonFields body = request.body();
        SemanticVersion from = TemplateBody.optVersion(body, "from");
        Model draft = ModelBody.ofTemplate(body);
        body.finish();
        Template template = TemplateBody.template(services, request);
        return answer(template, templates().impact(template.id(), from, draft));
    }

    private static Answer answer(Template template, TemplateImpact impact) {
        return Answer.ok(TemplateShapes.impact(impact, template.revision()))
                .etag(template.revision());
    }

    private Answer apply(Request request) throws IOException {
        JsonFields body = request.body();
        SemanticVersion from = TemplateBody.optVersion(body, "from");
        SemanticVersion to = TemplateBody.optVersion(body, "to");
        Set<UUID> nodes = nodes(body);
        Boolean onlyPassing = body.optBoolean("onlyPassing");
        body.finish();
        Template template = TemplateBody.template(services, request);
        long expected = TemplateBody.requiredRevision(request, template);
        SemanticVersion target = to == null ? template.latest().version() : to;
        try {
            TemplateMove.Result result =
                    templates()
                            .move(
                                    template.id(),
                                    expected,
                                    new TemplateMove(
                                            from, target, nodes, Boolean.TRUE.equals(onlyPassing)),
                                    request.actor());
            return Answer.ok(
                            new JsonShape()
                                    .put("moved", result.moved())
                                    .put("left", result.left())
                                    .build())
                    .etag(template.revision());
        } catch (ConflictException e) {
            long now = templates().get(template.id()).map(Template::revision).orElse(expected);
            throw now != expected ? Failures.revisionMismatch(expected, now) : e;
        }
    }

    private static @Nullable Set<UUID> nodes(JsonFields body) {
        List<String> ids = body.optTexts("nodes", MAX_NODES, 36);
        if (ids == null) {
            return null;
        }
        Set<UUID> nodes = new HashSet<>();
        for (String each : ids) {
            UUID id = Ids.parse(each);
            if (id == null) {
                body.error("nodes", "pattern", "nodes: '" + each + "' is no id of a node");
            } else {
                nodes.add(id);
            }
        }
        return nodes;
    }
}
