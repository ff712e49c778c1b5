package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NameProblem;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodeName;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.Templates;
import io.busbar.api.uns.TopicPolicy;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.ValidationMode;
import io.busbar.json.FieldError;
import io.busbar.json.JsonFields;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.NodeShapes;
import io.busbar.web.api.view.Reasons;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code /namespace/nodes}: the nodes of the namespace. */
public final class NodesEndpoint {
    private static final List<String> LEVELS =
            List.of(
                    "ENTERPRISE",
                    "SITE",
                    "AREA",
                    "WORK_CENTER",
                    "WORK_UNIT",
                    "EQUIPMENT_MODULE",
                    "CONTROL_MODULE");

    private final Backend services;
    private final NodeShapes shapes;
    private final NodeRequests nodes;

    public NodesEndpoint(Backend services, NodeShapes shapes) {
        this.services = services;
        this.nodes = new NodeRequests(services);
        this.shapes = shapes;
    }

    public void addTo(Router router) {
        router.add("POST", "/namespace/nodes", Role.ENGINEER, this::create)
                .add("GET", "/namespace/nodes", Role.VIEWER, this::find)
                .add("GET", "/namespace/nodes/{id}", Role.VIEWER, this::get)
                .add("GET", "/namespace/nodes/{id}/widenings", Role.VIEWER, this::widenings)
                .add("PATCH", "/namespace/nodes/{id}", Role.ENGINEER, this::update)
                .add("DELETE", "/namespace/nodes/{id}", Role.ENGINEER, this::delete);
    }

    private Answer create(Request request) throws IOException {
        JsonFields body = request.body();
        NodeType type = body.choice("type", NodeType.class);
        String path = body.text("path", 1, 1024);
        String alias = body.optText("alias", 1, 128);
        Facts facts =
                Facts.of(
                        body,
                        services.namespace().formats(),
                        Model.ANY,
                        services.namespace().templates());
        if (type == NodeType.TOPIC && facts.topicType() == null && body.has("type")) {
            body.error(
                    "topicType",
                    "required",
                    "topicType is missing (expected for a TOPIC: "
                            + Arrays.toString(TopicType.values())
                            + ")");
        }
        NameProblem problem = path.isEmpty() ? null : services.namespace().pathProblem(path);
        if (problem != null) {
            body.error("path", "pattern", "path " + problem.text(), Reasons.parameters(problem));
        }
        body.finish();
        int slash = path.lastIndexOf('/');
        NewNode wanted =
                new NewNode(
                        slash < 0 ? "" : path.substring(0, slash),
                        type == null ? NodeType.PATH : type,
                        path.substring(slash + 1),
                        alias,
                        facts.labels().apply(NodeLabels.NONE),
                        facts.payload().apply(NodePayload.NONE).withTopicType(facts.topicType()),
                        facts.policy().apply(NodePolicy.INHERITED));
        return created(services.namespace().create(wanted, request.actor()));
    }

    private Answer created(Node node) {
        return Answer.created(shapes.toJson(node), "/api/v1/namespace/nodes/" + node.id())
                .etag(node.revision());
    }

    private Answer find(Request request) {
        Optional<String> path = request.query("path");
        Optional<String> alias = request.query("alias");
        if (path.isPresent() == alias.isPresent()) {
            throw Problem.validation(
                    FieldError.parameter("path", "required", "say either path or alias"));
        }
        Namespace namespace = services.namespace();
        Node node =
                path.flatMap(namespace::byPath)
                        .or(() -> alias.flatMap(namespace::byAlias))
                        .orElseThrow(
                                () ->
                                        Problem.notFound(
                                                "node",
                                                path.or(() -> alias).orElse(""),
                                                "There is no node '"
                                                        + path.or(() -> alias).orElse("")
                                                        + "'."));
        return one(node);
    }

    private Answer get(Request request) {
        return one(nodes.node(request));
    }

    private Answer widenings(Request request) {
        Node node = nodes.node(request);
        return Answer.ok(
                new JsonShape()
                        .put(
                                "widenings",
                                JsonShape.array(
                                        services.namespace().widenings(node.topic()),
                                        NodeShapes::widening))
                        .build());
    }

    private Answer one(Node node) {
        return Answer.ok(shapes.toJson(node)).etag(node.revision());
    }

    private Answer update(Request request) throws IOException {
        JsonFields body = request.body();
        String name = body.optText("name", 1, NodeName.MAX_LENGTH);
        Optional<Node> there = nodes.find(request);
        boolean named = name == null || there.map(Node::name).filter(name::equals).isPresent();
        NameProblem problem = named ? null : NodeName.problem(name);
        if (problem != null) {
            body.error("name", "pattern", "name " + problem.text(), Reasons.parameters(problem));
        }
        Model model = there.map(each -> each.payload().model()).orElse(Model.ANY);
        Facts facts = Facts.of(body, formats(there), model, services.namespace().templates());
        body.finish();
        Node before = nodes.node(request);
        TopicType topicType = facts.topicType();
        if (topicType != null && topicType != before.payload().topicType()) {
            throw Problem.validation(
                    new FieldError(
                                    "/topicType",
                                    "topicType",
                                    "invalid",
                                    "topicType: "
                                            + topicType
                                            + " (expected: as it is, because it is part of the"
                                            + " topic's path; make a new topic instead)")
                            .with(
                                    Reasons.parameters(
                                            Reason.of(
                                                    Reason.Code.TYPE_STAYS,
                                                    "found",
                                                    topicType.name()))));
        }
        if (request.header("If-Match").isEmpty()) {
            throw Problem.of(
                    ProblemType.PRECONDITION_REQUIRED,
                    "If-Match is missing (expected: the ETag that the node was read with, e.g. \""
                            + before.revision()
                            + "\").");
        }
        long expected = NodeRequests.expected(request, before);
        NodeChange change =
                new NodeChange(
                        name == null || name.equals(before.name()) ? null : name,
                        facts.labels(),
                        facts.payload(),
                        facts.policy());
        try {
            return one(services.namespace().update(before.id(), expected, change, request.actor()));
        } catch (ConflictException e) {
            throw nodes.mismatchOr(before.id(), expected, e);
        }
    }

    private Answer delete(Request request) {
        boolean recursive = request.queryFlag("recursive");
        Node node = nodes.node(request);
        int children = services.namespace().childCount(node.id());
        if (children > 0 && !recursive) {
            throw Problem.of(
                            ProblemType.NOT_EMPTY,
                            "'"
                                    + node.path()
                                    + "' has "
                                    + children
                                    + " nodes right below it: delete them first, or say"
                                    + " recursive=true.")
                    .withParameter("children", Integer.toString(children));
        }
        long expected = NodeRequests.expected(request, node);
        try {
            if (request.queryFlag("permanent")) {
                services.namespace().deleteForGood(node.id(), expected, request.actor());
            } else {
                services.namespace().delete(node.id(), expected, request.actor());
            }
        } catch (ConflictException e) {
            throw nodes.mismatchOr(node.id(), expected, e);
        }
        return Answer.noContent();
    }

    /** The formats that a node may get: those that can be read, and the one that it has. */
    private List<PayloadFormat> formats(Optional<Node> node) {
        List<PayloadFormat> formats = new ArrayList<>(services.namespace().formats());
        node.map(each -> each.payload().format())
                .filter(own -> !formats.contains(own))
                .ifPresent(formats::add);
        return formats;
    }

    /**
     * What a new node and a change have in common: how the body changes labels, payload and policy.
     *
     * @param topicType null = not said
     */
    private record Facts(
            UnaryOperator<NodeLabels> labels,
            UnaryOperator<NodePayload> payload,
            UnaryOperator<NodePolicy> policy,
            @Nullable TopicType topicType) {

        static Facts of(
                JsonFields body, List<PayloadFormat> formats, Model before, Templates templates) {
            return new Facts(
                    labels(body),
                    payload(body, formats, before, templates),
                    policy(body),
                    body.optChoice("topicType", TopicType.class));
        }

        private static UnaryOperator<NodeLabels> labels(JsonFields body) {
            String isa95Level = clearable(body, "isa95Level", 32);
            if (isa95Level != null && !isa95Level.isEmpty() && !LEVELS.contains(isa95Level)) {
                body.error(
                        "isa95Level",
                        "enum",
                        "isa95Level: '"
                                + isa95Level
                                + "' (expected: "
                                + String.join(", ", LEVELS)
                                + ")");
            }
            String displayName = clearable(body, "displayName", 128);
            String description = clearable(body, "description", 1000);
            List<String> labels = body.optTexts("labels", 32, 64);
            Map<String, String> properties = body.optTextMap("extendProperties", 32, 1000);
            return old ->
                    new NodeLabels(
                            displayName == null ? old.displayName() : displayName,
                            description == null ? old.description() : description,
                            labels == null ? old.labels() : labels,
                            properties == null ? old.extendProperties() : properties,
                            isa95Level == null ? old.isa95Level() : isa95Level);
        }

        private static UnaryOperator<NodePayload> payload(
                JsonFields body, List<PayloadFormat> formats, Model before, Templates templates) {
            PayloadFormat format = ModelBody.optFormat(body, formats);
            Model model = ModelBody.opt(body, before, templates);
            String wireTopic = clearable(body, "wireTopic", 65_535);
            String problem =
                    wireTopic == null || wireTopic.isEmpty()
                            ? null
                            : TopicName.problemOf(wireTopic);
            if (problem != null) {
                body.error(
                        "wireTopic",
                        "pattern",
                        "wireTopic " + problem,
                        Reasons.parameters(Reason.of(Reason.Code.TOPIC, "found", wireTopic)));
            }
            return old ->
                    new NodePayload(
                            old.topicType(),
                            format == null ? old.format() : format,
                            model == null ? old.model() : model,
                            wireTopic == null ? old.wireTopic() : wireTopic);
        }

        private static UnaryOperator<NodePolicy> policy(JsonFields body) {
            Said<ValidationMode> validation =
                    Said.of(body, "validation", body.optChoice("validation", ValidationMode.class));
            Said<Boolean> enableHistory =
                    Said.of(body, "enableHistory", body.optBoolean("enableHistory"));
            Said<Integer> staleAfterSeconds =
                    Said.number(body, "staleAfterSeconds", Integer.MAX_VALUE);
            Said<Boolean> writable = Said.of(body, "writable", body.optBoolean("writable"));
            String timeZone = clearable(body, "timeZone", 64);
            Said<TopicPolicy> topicPolicy =
                    Said.of(body, "topicPolicy", body.optChoice("topicPolicy", TopicPolicy.class));
            Said<Integer> maxPayloadBytes =
                    Said.number(body, "maxPayloadBytes", NodePolicy.MOST_PAYLOAD_BYTES);
            Said<Integer> maxMessagesPerSecond =
                    Said.number(body, "maxMessagesPerSecond", NodePolicy.MOST_MESSAGES_PER_SECOND);
            Said<Boolean> closeOnReject =
                    Said.of(body, "closeOnReject", body.optBoolean("closeOnReject"));
            return old ->
                    new NodePolicy(
                            validation.or(old.validation()),
                            enableHistory.or(old.enableHistory()),
                            staleAfterSeconds.or(old.staleAfterSeconds()),
                            writable.or(old.writable()),
                            timeZone == null
                                    ? old.timeZone()
                                    : timeZone.isEmpty() ? null : timeZone,
                            topicPolicy.or(old.topicPolicy()),
                            maxPayloadBytes.or(old.maxPayloadBytes()),
                            maxMessagesPerSecond.or(old.maxMessagesPerSecond()),
                            closeOnReject.or(old.closeOnReject()));
        }

        /**
         * What a body says of a policy.
         *
         * @param inherited the key is there and null: as above
         * @param value null if the key is absent or null
         */
        private record Said<T>(boolean inherited, @Nullable T value) {
            static <T> Said<T> of(JsonFields body, String key, @Nullable T value) {
                return new Said<>(body.isNull(key), value);
            }

            /** A number that is at least 0. */
            static Said<Integer> number(JsonFields body, String key, int most) {
                return of(body, key, body.optInteger(key, 0, most));
            }

            @Nullable T or(@Nullable T old) {
                return inherited || value != null ? value : old;
            }
        }

        /** The text of a key; null in the body is an empty text, which clears; null = not said. */
        private static @Nullable String clearable(JsonFields body, String key, int max) {
            return body.isNull(key) ? "" : body.optText(key, 0, max);
        }
    }
}
