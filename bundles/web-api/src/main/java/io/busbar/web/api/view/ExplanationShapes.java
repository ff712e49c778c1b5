package io.busbar.web.api.view;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.busbar.api.broker.ClientView;
import io.busbar.api.explain.Audience;
import io.busbar.api.explain.Explanation;
import io.busbar.api.explain.PublishedBy;
import io.busbar.api.explain.Receiver;
import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Contract;
import io.busbar.api.uns.Inherited;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.TopicValue;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.state.ConnectionHistory;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Explanations in the form of the API. Thread-safe. */
public final class ExplanationShapes {
    private final RejectionShapes rejections;
    private final ReceiverShapes receivers;
    private final ConnectionShapes connections;
    private final ConnectionHistory history;

    public ExplanationShapes(
            Backend services, RejectionShapes rejections, ConnectionHistory history, Clock clock) {
        this.rejections = rejections;
        this.receivers = new ReceiverShapes(services, clock);
        this.connections = new ConnectionShapes(services, clock);
        this.history = history;
    }

    /**
     * What is known of a topic and a message.
     *
     * @param topic the MQTT topic
     * @param value null if nothing has arrived
     * @param contract null if the namespace is not running
     */
    public record Told(
            String topic,
            Explanation explanation,
            @Nullable TopicValue value,
            @Nullable Contract contract) {}

    /** The API's Explanation. */
    public JsonObject toJson(Told told) {
        Explanation explanation = told.explanation();
        Contract contract = told.contract();
        Node node = contract == null ? null : contract.node();
        return new JsonShape()
                .put("topic", told.topic())
                .put("nodeId", node == null ? null : node.id().toString())
                .put("path", node == null ? null : node.path())
                .put("message", message(told))
                .put("sender", sender(explanation.sender()))
                .put("contract", contract == null ? null : contract(contract, told))
                .put("interceptors", JsonShape.texts(explanation.interceptors()))
                .put("refused", JsonShape.array(explanation.refused(), rejections::toJson))
                .put("retained", retained(explanation))
                .put("value", value(told))
                .put("inStore", explanation.audience().inStore())
                .put("audience", receivers.audience(explanation.audience()))
                .put("client", client(explanation.client()))
                .build();
    }

    private static JsonObject message(Told told) {
        Explanation explanation = told.explanation();
        Message message = explanation.message();
        TopicValue value = told.value();
        return new JsonShape()
                .put("basis", explanation.basis())
                .put(
                        "at",
                        explanation.basis() == Explanation.Basis.ASSUMED
                                ? null
                                : Instant.ofEpochMilli(message.receivedAt()))
                .put("qos", message.qos().value())
                .put("retain", message.retain())
                .put("bytes", message.payload().length)
                .put("messages", value == null ? null : value.messages())
                .build();
    }

    private static JsonObject sender(PublishedBy sender) {
        ClientView client = sender.client();
        return new JsonShape()
                .put("publisher", ValueShapes.publisher(sender.publisher()))
                .put(
                        "connection",
                        client == null
                                ? null
                                : new JsonShape()
                                        .put("same", sender.sameConnection())
                                        .put("address", client.address())
                                        .put("listener", client.listener())
                                        .put("protocol", client.version().text())
                                        .put("transport", ClientRow.nameOf(client.transport()))
                                        .put("connectedAt", client.connectedAt())
                                        .build())
                .put("ruling", ReceiverShapes.ruling(sender.ruling()))
                .build();
    }

    private static JsonObject contract(Contract contract, Told told) {
        boolean judged = told.explanation().basis() != Explanation.Basis.ASSUMED;
        Node node = contract.node();
        return new JsonShape()
                .put("mode", contract.mode().value())
                .put("modeFrom", from(contract.mode()))
                .put("topicPolicy", contract.topicPolicy().value())
                .put("topicPolicyFrom", from(contract.topicPolicy()))
                .put("verdict", judged ? contract.verdict() : null)
                .put(
                        "violation",
                        judged && contract.violation() != null
                                ? ViolationShapes.violation(contract.violation())
                                : null)
                .put("detail", contract.detail())
                .put("revision", node == null ? null : node.revision())
                .put("updatedAt", node == null ? null : node.stamp().updatedAt())
                .put("updatedBy", node == null ? null : node.stamp().updatedBy())
                .put("fields", node == null ? 0 : node.payload().model().fields().size())
                .build();
    }

    private static @Nullable String from(Inherited<?> policy) {
        return policy.from();
    }

    private static @Nullable JsonObject retained(Explanation explanation) {
        Message kept = explanation.retained();
        return kept == null
                ? null
                : new JsonShape()
                        .put("at", Instant.ofEpochMilli(kept.receivedAt()))
                        .put("qos", kept.qos().value())
                        .put("bytes", kept.payload().length)
                        .put(
                                "expiresAt",
                                kept.expiresAt() == Long.MAX_VALUE
                                        ? null
                                        : Instant.ofEpochMilli(kept.expiresAt()))
                        .put("same", kept.receivedAt() == explanation.message().receivedAt())
                        .build();
    }

    private static @Nullable JsonObject value(Told told) {
        TopicValue value = told.value();
        return value == null || value.receivedAt() == null
                ? null
                : new JsonShape()
                        .put("quality", value.quality().text())
                        .put("timestamp", value.timestamp())
                        .put("receivedAt", value.receivedAt())
                        .put("violations", value.violations())
                        .put("violationsInARow", value.violationsInARow())
                        .put("late", value.late())
                        .build();
    }

    /** With what is known of its last connection, if it has none now. */
    private @Nullable JsonObject client(@Nullable Receiver client) {
        if (client == null) {
            return null;
        }
        JsonObject json = receivers.toJson(client);
        json.add(
                "lastConnection",
                client.online()
                        ? JsonNull.INSTANCE
                        : history.lastEnded(client.clientId())
                                .<JsonElement>map(connections::toJson)
                                .orElse(JsonNull.INSTANCE));
        return json;
    }

    // ---- what if

    /** The API's WhatIfResult. */
    public JsonObject compared(Told now, Told then) {
        return new JsonShape()
                .put("before", toJson(now))
                .put("after", toJson(then))
                .put("complete", isComplete(now) && isComplete(then))
                .put(
                        "changes",
                        JsonShape.array(
                                changes(now.explanation(), then.explanation()), this::change))
                .build();
    }

    private static boolean isComplete(Told told) {
        Audience audience = told.explanation().audience();
        return audience.receivers().size() == audience.subscribers();
    }

    /** What a change means for one client; null where it does not subscribe. */
    private record Change(@Nullable Receiver before, @Nullable Receiver after) {
        boolean isOne() {
            return before == null
                    || after == null
                    || before.fate() != after.fate()
                    || before.qos() != after.qos();
        }
    }

    private static List<Change> changes(Explanation now, Explanation then) {
        Map<String, Receiver> before = byClient(now);
        Map<String, Receiver> after = byClient(then);
        Map<String, Change> all = new LinkedHashMap<>();
        before.forEach((id, receiver) -> all.put(id, new Change(receiver, after.get(id))));
        after.forEach((id, receiver) -> all.putIfAbsent(id, new Change(before.get(id), receiver)));
        return all.values().stream().filter(Change::isOne).toList();
    }

    private static Map<String, Receiver> byClient(Explanation explanation) {
        Map<String, Receiver> all = new LinkedHashMap<>();
        for (Receiver each : explanation.audience().receivers()) {
            all.putIfAbsent(each.clientId(), each);
        }
        return all;
    }

    private JsonObject change(Change change) {
        Receiver any = change.before() == null ? change.after() : change.before();
        return new JsonShape()
                .put("clientId", any == null ? "" : any.clientId())
                .put("before", change.before() == null ? null : receivers.toJson(change.before()))
                .put("after", change.after() == null ? null : receivers.toJson(change.after()))
                .build();
    }
}
