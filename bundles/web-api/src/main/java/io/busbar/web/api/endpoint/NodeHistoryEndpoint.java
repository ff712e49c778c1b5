package io.busbar.web.api.endpoint;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeDifference;
import io.busbar.api.uns.NodeHistory;
import io.busbar.api.uns.NodeVersion;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.NodeShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;

/** {@code /namespace/nodes/{id}/history}: who changed what of a node. */
public final class NodeHistoryEndpoint {
    private final Backend services;
    private final NodeShapes shapes;
    private final NodeRequests nodes;

    public NodeHistoryEndpoint(Backend services, NodeShapes shapes) {
        this.services = services;
        this.shapes = shapes;
        this.nodes = new NodeRequests(services);
    }

    public void addTo(Router router) {
        router.add("GET", "/namespace/nodes/{id}/history", Role.VIEWER, this::list)
                .add(
                        "POST",
                        "/namespace/nodes/{id}/history/{revision}/put-back",
                        Role.ENGINEER,
                        this::putBack);
    }

    private Answer list(Request request) {
        Node node = nodes.node(request);
        return Answer.ok(
                new JsonShape()
                        .put(
                                "items",
                                JsonShape.array(
                                        services.namespace().history().of(node.id()),
                                        NodeHistoryEndpoint::version))
                        .put("maximum", NodeHistory.KEPT)
                        .build());
    }

    private Answer putBack(Request request) {
        Node node = nodes.node(request);
        long expected = NodeRequests.expected(request, node);
        long revision = revision(request);
        NodeHistory history = services.namespace().history();
        boolean kept =
                history.of(node.id()).stream()
                        .skip(1)
                        .anyMatch(each -> each.revision() == revision);
        if (!kept) {
            throw Problem.notFound(
                    "revision",
                    request.path("revision"),
                    "There is no earlier revision '"
                            + request.path("revision")
                            + "' of '"
                            + node.path()
                            + "'.");
        }
        try {
            Node changed = history.putBack(node.id(), expected, revision, request.actor());
            return Answer.ok(shapes.toJson(changed)).etag(changed.revision());
        } catch (ConflictException e) {
            throw nodes.mismatchOr(node.id(), expected, e);
        }
    }

    private static long revision(Request request) {
        try {
            return Long.parseLong(request.path("revision"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static JsonObject version(NodeVersion version) {
        return new JsonShape()
                .put("revision", version.revision())
                .put("at", version.at())
                .put("by", version.by())
                .put(
                        "differences",
                        JsonShape.array(version.differences(), NodeHistoryEndpoint::difference))
                .build();
    }

    private static JsonObject difference(NodeDifference difference) {
        return new JsonShape()
                .put("key", difference.key())
                .put("before", difference.before())
                .put("after", difference.after())
                .build();
    }
}
