package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.ViolatedTopic;
import io.busbar.api.uns.ViolationKind;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.ViolationShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code /violations} and {@code /namespace/nodes/{id}/violations}: messages that did not fit their
 * model.
 */
public final class ViolationsEndpoint {
    private static final int MAX_TOPICS = 500;

    /** Most groups that are told, and most topics whose groups are looked at. */
    private static final int MAX_GROUPS = 1_000;

    private final Backend services;
    private final ViolationShapes shapes;

    public ViolationsEndpoint(Backend services, ViolationShapes shapes) {
        this.services = services;
        this.shapes = shapes;
    }

    public void addTo(Router router) {
        router.add("GET", "/violations", Role.VIEWER, this::list)
                .add("GET", "/violations/groups", Role.VIEWER, this::groups)
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

    /** Violations that are alike, of all topics, the latest first. */
    private Answer groups(Request request) {
        int limit = request.queryInteger("limit", 1, MAX_GROUPS, MAX_GROUPS);
        List<ViolatedTopic> topics = services.namespace().violated(MAX_GROUPS);
        List<ViolationShapes.Group> groups = new ArrayList<>();
        for (ViolatedTopic topic : topics) {
            for (ViolationKind kind : topic.violations().kinds()) {
                groups.add(new ViolationShapes.Group(topic, kind));
            }
        }
        groups.sort(
                Comparator.comparing((ViolationShapes.Group g) -> g.kind().last().at()).reversed());
        return Answer.ok(
                new JsonShape()
                        .put("total", groups.size())
                        .put(
                                "items",
                                JsonShape.array(
                                        groups.subList(0, Math.min(limit, groups.size())),
                                        shapes::group))
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
