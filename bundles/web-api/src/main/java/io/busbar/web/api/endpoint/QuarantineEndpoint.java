package io.busbar.web.api.endpoint;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.Quarantine;
import io.busbar.api.uns.QuarantineStats;
import io.busbar.api.uns.QuarantinedMessage;
import io.busbar.api.uns.Violation;
import io.busbar.json.FieldError;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.NodeShapes;
import io.busbar.web.api.view.QuarantineShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /quarantine}: messages that were held back because they did not fit their model. */
public final class QuarantineEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(QuarantineEndpoint.class);

    private static final int MAX_ROWS = 200;

    private final Backend services;
    private final Clock clock;

    /** Messages that somebody publishes again at this moment. */
    private final Set<UUID> replaying = ConcurrentHashMap.newKeySet();

    public QuarantineEndpoint(Backend services, Clock clock) {
        this.services = services;
        this.clock = clock;
    }

    public void addTo(Router router) {
        router.add("GET", "/quarantine", Role.VIEWER, this::list)
                .add("DELETE", "/quarantine", Role.OPERATOR, this::removeAll)
                .add("GET", "/quarantine/{id}", Role.VIEWER, this::one)
                .add("DELETE", "/quarantine/{id}", Role.OPERATOR, this::remove)
                .add("GET", "/quarantine/{id}/accepting-model", Role.ENGINEER, this::accepting)
                .add("POST", "/quarantine/{id}/replay", Role.OPERATOR, this::replay);
    }

    private Quarantine quarantine() {
        return services.namespace().quarantine();
    }

    private Answer list(Request request) {
        int limit = request.queryInteger("limit", 1, MAX_ROWS, 50);
        String topic = request.query("topic").orElse(null);
        UUID before = request.query("cursor").map(QuarantineEndpoint::cursor).orElse(null);
        Quarantine quarantine = quarantine();
        List<QuarantinedMessage> shown = quarantine.list(topic, before, limit);
        UUID last = shown.isEmpty() ? null : shown.get(shown.size() - 1).id();
        boolean more = last != null && !quarantine.list(topic, last, 1).isEmpty();
        QuarantineStats stats = quarantine.stats();
        return Answer.ok(
                new JsonShape()
                        .put("total", stats.messages())
                        .put("bytes", stats.bytes())
                        .put("dropped", stats.dropped())
                        .put("expired", stats.expired())
                        .put("items", JsonShape.array(shown, this::row))
                        .put("nextCursor", more ? String.valueOf(last) : null)
                        .build());
    }

    private static UUID cursor(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Problem.validation(
                    FieldError.parameter(
                            "cursor", "pattern", "cursor is not one that a list gave"));
        }
    }

    private JsonObject row(QuarantinedMessage held) {
        Namespace namespace = services.namespace();
        return QuarantineShapes.toJson(
                held,
                namespace.byTopic(held.message().topic().value()).orElse(null),
                namespace.quarantine().check(held).orElse(null));
    }

    private Answer one(Request request) {
        return Answer.ok(row(find(request)));
    }

    private QuarantinedMessage find(Request request) {
        String id = request.path("id");
        return id(id).flatMap(quarantine()::get)
                .orElseThrow(
                        () ->
                                Problem.notFound(
                                        "message",
                                        id,
                                        "The quarantine does not hold it any more."));
    }

    private static Optional<UUID> id(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Answer remove(Request request) {
        quarantine().remove(find(request).id(), request.actor());
        return Answer.noContent();
    }

    private Answer removeAll(Request request) {
        int removed = quarantine().removeAll(request.query("topic").orElse(null), request.actor());
        return Answer.ok(new JsonShape().put("removed", removed).build());
    }

    private Answer accepting(Request request) {
        QuarantinedMessage held = find(request);
        Node node = services.namespace().byTopic(held.message().topic().value()).orElse(null);
        Model model = quarantine().accepting(held).orElse(null);
        if (node == null || model == null) {
            throw notApplicable(
                    "No wider model takes this message: change the model by hand, or remove the"
                            + " message.");
        }
        return Answer.ok(
                new JsonShape()
                        .put("nodeId", node.id().toString())
                        .put("revision", node.revision())
                        .put("model", NodeShapes.model(model))
                        .build());
    }

    private static RuntimeException notApplicable(String why) {
        return Problem.of(ProblemType.NOT_APPLICABLE, why);
    }

    /** What becomes of a Retained Message that came later than the one that is published again. */
    private enum Retained {
        REPLACE,
        KEEP
    }

    /** Whether the message is retained: it replaces a newer one only if the person says so. */
    private boolean retains(Message message, Request request) {
        Retained said = request.queryChoice("retained", Retained.class).orElse(null);
        if (!message.retain() || said == Retained.KEEP) {
            return false;
        }
        Message there = services.broker().retained(message.topic()).orElse(null);
        if (said == null && there != null && there.receivedAt() > message.receivedAt()) {
            throw Problem.of(
                    ProblemType.NEWER_RETAINED,
                    "The topic has a Retained Message that came later, at "
                            + Instant.ofEpochMilli(there.receivedAt())
                            + ": say retained=REPLACE to replace it, or retained=KEEP to deliver"
                            + " this one only.");
        }
        return true;
    }

    /** The message of a person, with what is left of its lifetime [MQTT5-3.3.2-6]. */
    private static Message again(Message message, Publisher by, boolean retain, long now) {
        MessageProperties properties = message.properties();
        if (properties.expires()) {
            properties =
                    new MessageProperties(
                            properties.payloadFormatIndicator(),
                            (message.expiresAt() - now + 999) / 1000,
                            properties.contentType(),
                            properties.responseTopic(),
                            properties.correlationData(),
                            properties.userProperties());
        }
        return new Message(
                message.topic(), message.payload(), message.qos(), retain, properties, by, now);
    }

    /**
     * As it came, but for its time and its publisher: it is published now, by the person who asks.
     * Whoever sent it may have lost the right to do so meanwhile.
     */
    private Answer replay(Request request) {
        UUID id = find(request).id();
        if (!replaying.add(id)) {
            throw Problem.of(
                    ProblemType.ALREADY_RUNNING, "Somebody publishes this message right now.");
        }
        try {
            // Looked up again: somebody may have published it in between.
            return replay(find(request), request);
        } finally {
            replaying.remove(id);
        }
    }

    private Answer replay(QuarantinedMessage held, Request request) {
        @Nullable Violation wrong = quarantine().check(held).orElse(null);
        if (wrong != null) {
            throw notApplicable(
                    "It still does not fit the model"
                            + (wrong.field().isEmpty() ? "" : ", field " + wrong.field())
                            + ": "
                            + wrong.detail());
        }
        Message message = held.message();
        long now = clock.millis();
        if (message.expiresAt() <= now) {
            throw notApplicable("Its Message Expiry Interval is over: nobody may get it any more.");
        }
        boolean retain = retains(message, request);
        Published published =
                Published.of(
                        services.broker()
                                .publish(again(message, Published.by(request), retain, now)));
        boolean accepted = !published.code().isError() && !published.diverted();
        if (accepted) {
            LOG.info(
                    "A message of the quarantine is published again (id={}, topic={}, of={},"
                            + " by={})",
                    held.id(),
                    message.topic(),
                    message.publisher().description(),
                    request.actor().name());
            quarantine().remove(held.id(), request.actor());
        }
        return Answer.ok(
                new JsonShape()
                        .put("topic", message.topic().value())
                        .put("accepted", accepted)
                        .put("reasonCode", published.code().code())
                        .put("reason", published.reason())
                        .build());
    }
}
