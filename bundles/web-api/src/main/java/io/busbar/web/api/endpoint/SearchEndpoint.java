package io.busbar.web.api.endpoint;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.SearchHit;
import io.busbar.api.uns.SearchQuery;
import io.busbar.api.uns.SearchResult;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnmodeledTopic;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.NodeShapes;
import io.busbar.web.api.view.ValueShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Page;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code /namespace/search}: nodes, topics without a node, and values by some words. */
public final class SearchEndpoint {
    /** Most hits of a search; beyond it the answer says that there are more. */
    private static final int MAX_HITS = 1_000;

    private final Backend services;
    private final NodeShapes nodes;
    private final ValueShapes values;

    public SearchEndpoint(Backend services, NodeShapes nodes, ValueShapes values) {
        this.services = services;
        this.nodes = nodes;
        this.values = values;
    }

    public void addTo(Router router) {
        router.add("GET", "/namespace/search", Role.VIEWER, this::search);
    }

    private Answer search(Request request) {
        SearchResult found =
                services.namespace()
                        .search(
                                new SearchQuery(
                                        request.requiredQuery("q"),
                                        request.queryChoice("scope", SearchQuery.Scope.class)
                                                .orElse(SearchQuery.Scope.ALL),
                                        request.queryChoice("type", NodeType.class).orElse(null),
                                        request.queryChoice("topicType", TopicType.class)
                                                .orElse(null),
                                        request.query("label").orElse(null),
                                        MAX_HITS));
        JsonObject page = Page.of(request, found.hits(), SearchEndpoint::key, this::hit);
        page.addProperty("more", found.more());
        return Answer.ok(page);
    }

    private static String key(SearchHit hit) {
        return (hit.node() == null ? "t" : "n") + hit.topic();
    }

    private JsonObject hit(SearchHit hit) {
        return new JsonShape()
                .put("topic", hit.topic())
                .put("node", hit.node() == null ? null : nodes.row(hit.node()))
                .put("unmodeled", hit.node() == null ? unmodeled(hit.topic()) : null)
                .put("matched", hit.matched())
                .put("field", hit.field())
                .put("text", hit.text())
                .build();
    }

    /** A topic without a node; null if it was forgotten meanwhile. */
    private @Nullable JsonObject unmodeled(String topic) {
        Namespace namespace = services.namespace();
        TopicValue value = namespace.value(topic).orElse(null);
        Instant at = value == null ? null : value.receivedAt();
        return at == null
                ? null
                : values.unmodeled(new UnmodeledTopic(topic, at, value.messages()), value);
    }
}
