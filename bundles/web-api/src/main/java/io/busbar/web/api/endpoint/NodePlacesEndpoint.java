package io.busbar.web.api.endpoint;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.NameProblem;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeMove;
import io.busbar.api.uns.NodeName;
import io.busbar.api.uns.RecycleBin;
import io.busbar.api.uns.RecycledNode;
import io.busbar.json.JsonFields;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.NodeShapes;
import io.busbar.web.api.view.Reasons;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where nodes are: {@code move}, {@code copy} and {@code restore} of {@code /namespace/nodes}, and
 * {@code /namespace/recycle-bin}.
 */
public final class NodePlacesEndpoint {
    private static final int MAX_PATH = 1024;
    private static final String NOT_IN_THE_BIN = "This node is not in the recycle bin.";

    private final Backend services;
    private final NodeShapes shapes;
    private final NodeRequests nodes;

    public NodePlacesEndpoint(Backend services, NodeShapes shapes) {
        this.services = services;
        this.shapes = shapes;
        this.nodes = new NodeRequests(services);
    }

    public void addTo(Router router) {
        router.add("POST", "/namespace/nodes/{id}/move", Role.ENGINEER, this::move)
                .add("POST", "/namespace/nodes/{id}/copy", Role.ENGINEER, this::copy)
                .add("POST", "/namespace/nodes/{id}/restore", Role.ENGINEER, this::restore)
                .add("GET", "/namespace/recycle-bin", Role.VIEWER, this::list)
                .add("DELETE", "/namespace/recycle-bin", Role.ENGINEER, this::clear)
                .add("DELETE", "/namespace/recycle-bin/{id}", Role.ENGINEER, this::remove);
    }

    private Answer move(Request request) throws IOException {
        JsonFields body = request.body();
        String parentPath = body.text("parentPath", 0, MAX_PATH);
        String name = body.optText("name", 1, NodeName.MAX_LENGTH);
        checkPath(body, parentPath);
        if (!nodes.find(request).map(Node::name).filter(each -> each.equals(name)).isPresent()) {
            checkName(body, name);
        }
        Boolean keepTopics = body.optBoolean("keepTopics");
        body.finish();
        Node before = nodes.node(request);
        long expected = NodeRequests.expected(request, before);
        NodeMove move = new NodeMove(parentPath, name, Boolean.TRUE.equals(keepTopics));
        try {
            return one(services.namespace().move(before.id(), expected, move, request.actor()));
        } catch (ConflictException e) {
            throw nodes.mismatchOr(before.id(), expected, e);
        }
    }

    private Answer copy(Request request) throws IOException {
        JsonFields body = request.body();
        String parentPath = body.text("parentPath", 0, MAX_PATH);
        String name = body.text("name", 1, NodeName.MAX_LENGTH);
        checkPath(body, parentPath);
        checkName(body, name);
        body.finish();
        Node from = nodes.node(request);
        Node copy = services.namespace().copy(from.id(), parentPath, name, request.actor());
        return Answer.created(shapes.toJson(copy), "/api/v1/namespace/nodes/" + copy.id())
                .etag(copy.revision());
    }

    private Answer restore(Request request) throws IOException {
        JsonFields body = request.body();
        String parentPath = body.optText("parentPath", 0, MAX_PATH);
        String name = body.optText("name", 1, NodeName.MAX_LENGTH);
        checkPath(body, parentPath);
        checkName(body, name);
        body.finish();
        UUID id = inTheBin(request);
        return one(bin().restore(id, parentPath, name, request.actor()));
    }

    private Answer one(Node node) {
        return Answer.ok(shapes.toJson(node)).etag(node.revision());
    }

    /** Tells what is wrong with a path. */
    private void checkPath(JsonFields body, @Nullable String path) {
        NameProblem problem =
                path == null || path.isEmpty() ? null : services.namespace().pathProblem(path);
        if (problem != null) {
            body.error(
                    "parentPath",
                    "pattern",
                    "parentPath " + problem.text(),
                    Reasons.parameters(problem));
        }
    }

    /** Tells what is wrong with a name. */
    private static void checkName(JsonFields body, @Nullable String name) {
        NameProblem problem = name == null || name.isEmpty() ? null : NodeName.problem(name);
        if (problem != null) {
            body.error("name", "pattern", "name " + problem.text(), Reasons.parameters(problem));
        }
    }

    private RecycleBin bin() {
        return services.namespace().recycleBin();
    }

    private UUID inTheBin(Request request) {
        UUID id = NodeRequests.id(request, NOT_IN_THE_BIN);
        if (bin().list().stream().noneMatch(each -> each.id().equals(id))) {
            throw NodeRequests.missing(request.path("id"), NOT_IN_THE_BIN);
        }
        return id;
    }

    private Answer list(Request request) {
        RecycleBin bin = bin();
        return Answer.ok(
                new JsonShape()
                        .put("items", JsonShape.array(bin.list(), NodePlacesEndpoint::row))
                        .put("maxNodes", bin.maxNodes())
                        .put("days", bin.days())
                        .build());
    }

    private Answer remove(Request request) {
        bin().remove(inTheBin(request), request.actor());
        return Answer.noContent();
    }

    private Answer clear(Request request) {
        int nodesGone = bin().clear(request.actor());
        return Answer.ok(new JsonShape().put("nodes", nodesGone).build());
    }

    private static JsonObject row(RecycledNode entry) {
        return new JsonShape()
                .put("id", entry.id().toString())
                .put("type", entry.type().name())
                .put("path", entry.path())
                .put("nodes", entry.nodes())
                .put("topics", entry.topics())
                .put("deletedAt", entry.deletedAt())
                .put("deletedBy", entry.deletedBy())
                .put("until", entry.until())
                .build();
    }
}
