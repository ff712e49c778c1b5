package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodeName;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnmodeledTopic;
import io.busbar.json.JsonFields;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.NodeShapes;
import io.busbar.web.api.view.ValueShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import io.busbar.web.http.RowOrder.Column;
import io.busbar.web.http.RowPage;
import java.io.IOException;
import java.util.Map;
import java.util.function.UnaryOperator;

/** {@code /namespace/unmodeled}: topics that have received messages but have no node. */
public final class UnmodeledEndpoint {
    private static final Map<String, Column<UnmodeledTopic>> SORTS =
            Map.of(
                    "topic", Column.text(UnmodeledTopic::topic),
                    "lastSeenAt", Column.time(UnmodeledTopic::lastSeenAt),
                    "messages", Column.number(UnmodeledTopic::messages));

    private final Backend services;
    private final ValueShapes values;
    private final NodeShapes nodes;

    public UnmodeledEndpoint(Backend services, ValueShapes values, NodeShapes nodes) {
        this.services = services;
        this.values = values;
        this.nodes = nodes;
    }

    public void addTo(Router router) {
        router.add("GET", "/namespace/unmodeled", Role.VIEWER, this::list)
                .add("POST", "/namespace/unmodeled/convert", Role.ENGINEER, this::convert);
    }

    private Answer list(Request request) {
        String q = request.query("q").map(Sorting::folded).orElse("");
        Namespace namespace = services.namespace();
        RowPage<UnmodeledTopic> page =
                new RowPage<>(
                        request,
                        Sorting.of(
                                request,
                                SORTS,
                                "-lastSeenAt",
                                each -> false,
                                UnmodeledTopic::topic));
        for (UnmodeledTopic each : namespace.unmodeledTopics()) {
            if (q.isEmpty() || Sorting.folded(each.topic()).contains(q)) {
                page.add(each);
            }
        }
        // The values, whose payloads have to be read, only of the page.
        return Answer.ok(
                page.toJson(
                        each ->
                                values.unmodeled(
                                        each, namespace.value(each.topic()).orElse(null))));
    }

    private Answer convert(Request request) throws IOException {
        JsonFields body = request.body();
        String topic = body.text("topic", 1, 65_535);
        TopicType topicType = body.choice("topicType", TopicType.class);
        Model model = ModelBody.opt(body);
        PayloadFormat format = ModelBody.optFormat(body, services.namespace().formats());
        String displayName = body.optText("displayName", 0, 128);
        String description = body.optText("description", 0, 1000);
        String path = path(body, topic);
        body.finish();
        Namespace namespace = services.namespace();
        Model wanted = model != null ? model : namespace.proposeFor(topic).model();
        Node node =
                namespace.convert(
                        topic,
                        path,
                        topicType == null ? TopicType.METRIC : topicType,
                        wanted,
                        request.actor());
        boolean more =
                format != null && !format.equals(node.payload().format())
                        || displayName != null && !displayName.isEmpty()
                        || description != null && !description.isEmpty();
        if (more) {
            NodeChange change =
                    new NodeChange(
                            null,
                            old ->
                                    new NodeLabels(
                                            displayName == null ? old.displayName() : displayName,
                                            description == null ? old.description() : description,
                                            old.labels(),
                                            old.extendProperties(),
                                            old.isa95Level()),
                            old -> format == null ? old : old.withFormat(format),
                            UnaryOperator.identity());
            node = namespace.update(node.id(), node.revision(), change, request.actor());
        }
        return Answer.created(nodes.toJson(node), "/api/v1/namespace/nodes/" + node.id())
                .etag(node.revision());
    }

    /** The path of the node, which is the topic itself if the body names no other. */
    private static String path(JsonFields body, String topic) {
        String path = body.optText("path", 1, 1024);
        String problem = topic.isEmpty() ? null : TopicName.problemOf(topic);
        if (problem != null) {
            body.error("topic", "pattern", "topic " + problem);
            return topic;
        }
        problem = NodeName.pathProblemOf(path == null ? topic : path);
        if (problem != null && path != null) {
            body.error("path", "pattern", "path " + problem);
        } else if (problem != null && !topic.isEmpty()) {
            body.error(
                    "path",
                    "required",
                    "path is missing (expected: a path for the node, because the topic "
                            + problem
                            + "; it stays the topic)");
        }
        return path == null ? topic : path;
    }
}
