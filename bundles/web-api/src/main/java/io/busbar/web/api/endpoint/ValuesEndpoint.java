package io.busbar.web.api.endpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.broker.Broker;
import io.busbar.api.broker.PublishResult;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.TopicValue;
import io.busbar.json.JsonFields;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.ValueShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code /namespace/value} and {@code /namespace/values}: reading current values, and publishing in
 * the name of a person.
 */
public final class ValuesEndpoint {
    private static final int MAX_READ = 1000;
    private static final int MAX_WRITE = 100;

    private final Backend services;
    private final ValueShapes values;
    private final Clock clock;

    public ValuesEndpoint(Backend services, ValueShapes values, Clock clock) {
        this.services = services;
        this.values = values;
        this.clock = clock;
    }

    public void addTo(Router router) {
        router.add("GET", "/namespace/value", Role.VIEWER, this::one)
                .add("POST", "/namespace/values:read", Role.VIEWER, this::read)
                .add("POST", "/namespace/values:write", Role.OPERATOR, this::write);
    }

    private Answer one(Request request) {
        String topic = request.requiredQuery("topic");
        TopicValue value =
                values.find(topic)
                        .orElseThrow(
                                () ->
                                        Problem.notFound(
                                                "topic",
                                                topic,
                                                "'"
                                                        + topic
                                                        + "' is neither modelled nor did anything"
                                                        + " arrive on it."));
        return Answer.ok(values.toJson(value));
    }

    private Answer read(Request request) throws IOException {
        JsonFields body = request.body();
        List<String> topics = body.optTexts("topics", MAX_READ, 65_535);
        if (topics == null || topics.isEmpty()) {
            body.error(
                    "topics",
                    "required",
                    "topics is missing or empty (expected: 1 to " + MAX_READ + " topics)");
        }
        body.finish();
        JsonArray found = new JsonArray();
        for (String topic : topics == null ? List.<String>of() : topics) {
            found.add(
                    new JsonShape()
                            .put("topic", topic)
                            .put("value", values.find(topic).map(values::toJson).orElse(null))
                            .build());
        }
        return Answer.ok(new JsonShape().put("values", found).build());
    }

    private Answer write(Request request) throws IOException {
        JsonFields body = request.body();
        List<Item> items = body.optList("items", MAX_WRITE, ValuesEndpoint::item);
        if (items == null || items.isEmpty()) {
            body.error(
                    "items",
                    "required",
                    "items is missing or empty (expected: 1 to " + MAX_WRITE + ")");
        }
        body.finish();
        Broker broker = services.broker();
        Publisher publisher = Published.by(request);
        List<Pending> pending = new ArrayList<>();
        for (Item item : items == null ? List.<Item>of() : items) {
            pending.add(publish(broker, publisher, item));
        }
        JsonArray results = new JsonArray();
        pending.forEach(one -> results.add(result(one)));
        return Answer.ok(new JsonShape().put("results", results).build());
    }

    private static Item item(JsonFields body) {
        String topic = body.text("topic", 1, 65_535);
        String problem = topic.isEmpty() ? null : TopicName.problemOf(topic);
        if (problem != null) {
            body.error("topic", "pattern", "topic " + problem);
        }
        if (!body.has("payload") || body.isNull("payload")) {
            body.error(
                    "payload",
                    "required",
                    "payload is missing (expected: text, empty to clear a retained message)");
        }
        String payload = body.optText("payload", 0, Integer.MAX_VALUE);
        String encoding = body.optText("encoding", 1, 16);
        Integer qos = body.optInteger("qos", 0, 2);
        Boolean retain = body.optBoolean("retain");
        byte[] bytes = new byte[0];
        if ("base64".equals(encoding)) {
            try {
                bytes = Base64.getDecoder().decode(payload == null ? "" : payload);
            } catch (IllegalArgumentException e) {
                body.error("payload", "pattern", "payload is not base64: " + e.getMessage());
            }
        } else if (encoding == null || encoding.equals("text")) {
            bytes = (payload == null ? "" : payload).getBytes(StandardCharsets.UTF_8);
        } else {
            body.error("encoding", "enum", "encoding: '" + encoding + "' (expected: text, base64)");
        }
        return new Item(topic, bytes, Qos.of(qos == null ? 0 : qos), Boolean.TRUE.equals(retain));
    }

    private Pending publish(Broker broker, Publisher publisher, Item item) {
        if (item.topic.startsWith("$")) {
            return new Pending(
                    item.topic,
                    null,
                    ReasonCode.NOT_AUTHORIZED,
                    "Topics that begin with $ belong to the server.");
        }
        Optional<Namespace> namespace = services.findNamespace();
        Optional<Node> node = namespace.flatMap(n -> topicNode(n, item.topic));
        String topic = node.map(Node::topic).orElse(item.topic);
        if (node.isPresent() && !namespace.get().policyOf(node.get().id()).writable().value()) {
            return new Pending(
                    item.topic,
                    null,
                    ReasonCode.NOT_AUTHORIZED,
                    "The topic's node is not writable from the console.");
        }
        Message message =
                new Message(
                        TopicName.of(topic),
                        item.payload,
                        item.qos,
                        item.retain,
                        MessageProperties.NONE,
                        publisher,
                        clock.millis());
        return new Pending(item.topic, broker.publish(message), ReasonCode.SUCCESS, null);
    }

    /** The topic at a path, or the one that is published so; a path without values is neither. */
    private static Optional<Node> topicNode(Namespace namespace, String topic) {
        return namespace
                .byPath(topic)
                .filter(node -> node.type() == NodeType.TOPIC)
                .or(() -> namespace.byTopic(topic));
    }

    private static JsonObject result(Pending pending) {
        Published published =
                pending.stage == null
                        ? new Published(pending.code, pending.reason)
                        : Published.of(pending.stage);
        return new JsonShape()
                .put("topic", pending.topic)
                .put("accepted", !published.code().isError())
                .put("reasonCode", published.code().code())
                .put("reason", published.reason())
                .build();
    }

    private record Item(String topic, byte[] payload, Qos qos, boolean retain) {}

    private record Pending(
            String topic,
            @Nullable CompletionStage<PublishResult> stage,
            ReasonCode code,
            @Nullable String reason) {}
}
