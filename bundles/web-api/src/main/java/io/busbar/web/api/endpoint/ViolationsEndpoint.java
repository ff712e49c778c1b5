package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.ViolationShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code /violations} and {@code /namespace/nodes/{id}/violations}: messages that did not fit their
 * model.
 */
public final class ViolationsEndpoint {
    private static final int MAX_TOPICS = 500;

    private final Backend services;
    private final ViolationShapes shapes;

    public ViolationsEndpoint(Backend services, ViolationShapes shapes) {
        this.services = services;
        this.shapes = shapes;
    }

    public void addTo(Router router) {
        router.add("GET", "/violations", Role.VIEWER, this::list)
                .add("GET", "/namespace/nodes/{id}/violations", Role.VIEWER, this::ofTopic)
                .add("DELETE", "/namespace/nodes/{id}/violations", Role.OPERATOR, this::reset);
    }

    private Answer list(Request request) {
        int limit = request.queryInteger("limit", 1, MAX_TOPICS, 100);
        Namespace namespace = services.namespace();
        return Answer.ok(
                new JsonShape()
                        .put("total", namespace.stats().violatingTopics())
                        .put(
                                "items",
                                JsonShape.array(namespace.violating(limit), shapes::violating))
                        .build());
    }

    private Answer ofTopic(Request request) {
        Namespace namespace = services.namespace();
        return namespace
                .violations(topic(namespace, request))
                .map(shapes::toJson)
                .map(Answer::ok)
                .orElseThrow(() -> noSuchTopic(request));
    }

    private Answer reset(Request request) {
        Namespace namespace = services.namespace();
        namespace.resetViolations(topic(namespace, request), request.actor());
        return Answer.noContent();
    }

    private static String topic(Namespace namespace, Request request) {
        return find(namespace, request.path("id"))
                .filter(node -> node.type() == NodeType.TOPIC)
                .map(Node::topic)
                .orElseThrow(() -> noSuchTopic(request));
    }

    private static Optional<Node> find(Namespace namespace, String id) {
        try {
            return namespace.get(UUID.fromString(id));
        } catch (IllegalArgumentException noId) {
            return Optional.empty();
        }
    }

    private static RuntimeException noSuchTopic(Request request) {
        return Problem.notFound("There is no topic with the id '" + request.path("id") + "'.");
    }
}
