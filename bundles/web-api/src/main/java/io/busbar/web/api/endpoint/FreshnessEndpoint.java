package io.busbar.web.api.endpoint;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.StaleTopic;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.util.List;

/** {@code /namespace/stale}: topics whose values are older than they may be. */
public final class FreshnessEndpoint {
    private static final int MAX_TOPICS = 1_000;

    private final Backend services;

    public FreshnessEndpoint(Backend services) {
        this.services = services;
    }

    public void addTo(Router router) {
        router.add("GET", "/namespace/stale", Role.VIEWER, this::list);
    }

    private Answer list(Request request) {
        int limit = request.queryInteger("limit", 0, MAX_TOPICS, 100);
        Namespace namespace = services.namespace();
        List<StaleTopic> stale = limit == 0 ? List.of() : namespace.stale();
        return Answer.ok(
                new JsonShape()
                        .put("total", limit == 0 ? namespace.staleCount() : stale.size())
                        .put(
                                "items",
                                JsonShape.array(
                                        stale.subList(0, Math.min(limit, stale.size())),
                                        FreshnessEndpoint::row))
                        .build());
    }

    private static JsonObject row(StaleTopic topic) {
        return new JsonShape()
                .put("path", topic.path())
                .put("topic", topic.topic())
                .put("since", topic.since())
                .put("staleAfterSeconds", topic.afterSeconds())
                .build();
    }
}
