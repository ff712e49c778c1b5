package io.busbar.web.api.endpoint;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.uns.IgnoreRule;
import io.busbar.json.JsonFields;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.io.IOException;
import java.util.UUID;

/** {@code /namespace/unmodeled/ignored}: topics that nobody models and nobody wants to see. */
public final class IgnoreRulesEndpoint {
    private final Backend services;

    public IgnoreRulesEndpoint(Backend services) {
        this.services = services;
    }

    public void addTo(Router router) {
        router.add("GET", "/namespace/unmodeled/ignored", Role.VIEWER, this::list)
                .add("POST", "/namespace/unmodeled/ignored", Role.ENGINEER, this::create)
                .add("DELETE", "/namespace/unmodeled/ignored/{id}", Role.ENGINEER, this::delete);
    }

    private Answer list(Request request) {
        return Answer.ok(
                new JsonShape()
                        .put(
                                "items",
                                JsonShape.array(
                                        services.namespace().ignoreRules(),
                                        IgnoreRulesEndpoint::rule))
                        .put("maximum", IgnoreRule.MAX_RULES)
                        .build());
    }

    private Answer create(Request request) throws IOException {
        JsonFields body = request.body();
        String filter = body.text("filter", 1, 65_535);
        body.finish();
        IgnoreRule rule = services.namespace().ignore(filter, request.actor());
        return Answer.created(rule(rule), "/api/v1/namespace/unmodeled/ignored/" + rule.id());
    }

    private Answer delete(Request request) {
        String id = request.path("id");
        UUID uuid;
        try {
            uuid = UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw Problem.notFound("There is no rule '" + id + "'.");
        }
        services.namespace().removeIgnoreRule(uuid);
        return Answer.noContent();
    }

    private static JsonObject rule(IgnoreRule rule) {
        return new JsonShape()
                .put("id", rule.id().toString())
                .put("filter", rule.filter())
                .put("createdAt", rule.createdAt())
                .put("createdBy", rule.createdBy())
                .put("messages", rule.messages())
                .build();
    }
}
