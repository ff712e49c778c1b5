package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.api.auth.AclFilter;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.NamespaceStats;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.json.FieldError;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.state.NamespaceRevision;
import io.busbar.web.api.view.NodeShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Page;
import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /namespace/tree} and {@code /match}: finding nodes. */
public final class TreeEndpoint {
    /** Most nodes below those of the page that one answer has. */
    private static final int MAX_ROWS = 5_000;

    private final Backend services;
    private final NodeShapes shapes;
    private final NamespaceRevision revision;

    public TreeEndpoint(Backend services, NodeShapes shapes, NamespaceRevision revision) {
        this.services = services;
        this.shapes = shapes;
        this.revision = revision;
    }

    public void addTo(Router router) {
        router.add("GET", "/namespace/tree", Role.VIEWER, this::tree)
                .add("GET", "/namespace/match", Role.VIEWER, this::match);
    }

    private Answer tree(Request request) {
        Namespace namespace = services.namespace();
        // Before the rows: rows that are newer than they say are only read once more.
        long readAt = revision.get();
        String path = request.query("path").orElse("");
        int depth = request.queryInteger("depth", 1, 16, 1);
        int limit = request.queryInteger("limit", 1, 1000, 500);
        UUID parent =
                path.isEmpty()
                        ? null
                        : namespace
                                .byPath(path)
                                .orElseThrow(
                                        () ->
                                                Problem.notFound(
                                                        "node",
                                                        path,
                                                        "There is no node '" + path + "'."))
                                .id();
        Page.Slice<Node> slice =
                Page.slice(
                        request,
                        new Children(namespace, parent),
                        node -> node.id().toString(),
                        500,
                        1000);
        NodeShapes.Room room = new NodeShapes.Room(MAX_ROWS);
        NamespaceStats stats = namespace.stats();
        return Answer.ok(
                new JsonShape()
                        .put("path", path)
                        .put(
                                "nodes",
                                JsonShape.array(
                                        slice.items(),
                                        node -> shapes.row(node, depth - 1, limit, room)))
                        .put("nextCursor", slice.nextCursor())
                        .put("total", namespace.childCount(parent))
                        .put("topics", stats.topics())
                        .put("unmodeledTopics", stats.unmodeled())
                        .put("revision", readAt)
                        .build());
    }

    /** The children of a node, as the namespace sorts them. */
    private record Children(Namespace namespace, @Nullable UUID parent) implements Page.Rows<Node> {
        @Override
        public int size() {
            return namespace.childCount(parent);
        }

        @Override
        public List<Node> range(int from, int limit) {
            return namespace.children(parent, from, limit);
        }

        @Override
        public int indexOf(String key) {
            return namespace.indexOf(UUID.fromString(key));
        }
    }

    private Answer match(Request request) {
        String text = request.requiredQuery("filter");
        // A rule is matched as if it were about any client: whose it will be is not known here.
        String filterText = AclFilter.ofAnybody(text);
        String problem = TopicFilter.problemOf(filterText);
        if (problem != null) {
            throw Problem.validation(
                    FieldError.parameter("filter", "pattern", "filter: '" + text + "' " + problem));
        }
        TopicFilter filter = TopicFilter.of(filterText);
        Namespace namespace = services.namespace();
        long count =
                count(namespace, null, filter)
                        + namespace.withWireTopic().stream()
                                .filter(each -> filter.matches(each.topic()))
                                .count()
                        + namespace.unmodeledTopics().stream()
                                .filter(each -> filter.matches(each.topic()))
                                .count();
        return Answer.ok(new JsonShape().put("filter", text).put("count", count).build());
    }

    private static long count(Namespace namespace, @Nullable UUID parent, TopicFilter filter) {
        long count = 0;
        for (Node node : namespace.children(parent)) {
            if (node.type() == NodeType.TOPIC
                    && node.payload().wireTopic() == null
                    && filter.matches(node.path())) {
                count++;
            }
            if (namespace.childCount(node.id()) > 0 && mayMatchBelow(filter, node.path())) {
                count += count(namespace, node.id(), filter);
            }
        }
        return count;
    }

    /**
     * Whether a topic below the path can match: what the path and the filter have in common has to
     * fit.
     */
    static boolean mayMatchBelow(TopicFilter filter, String path) {
        String[] levels = path.split("/", -1);
        List<String> wanted = filter.levels();
        for (int i = 0; i < levels.length; i++) {
            if (i >= wanted.size()) {
                return false;
            }
            String level = wanted.get(i);
            if (level.equals("#")) {
                return true;
            }
            if (!level.equals("+") && !level.equals(levels[i])) {
                return false;
            }
        }
        return wanted.size() > levels.length;
    }
}
