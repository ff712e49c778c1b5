package io.busbar.web.api.view;

import com.google.gson.JsonObject;
import io.busbar.api.uns.Expectation;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.TopicViolations;
import io.busbar.api.uns.ViolatedTopic;
import io.busbar.api.uns.Violation;
import io.busbar.api.uns.ViolationKind;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Violations in the form of the API. Thread-safe. */
public final class ViolationShapes {
    private final Backend services;

    public ViolationShapes(Backend services) {
        this.services = services;
    }

    /** The API's TopicViolations. */
    public JsonObject toJson(TopicViolations violations) {
        return new JsonShape()
                .put("violating", violations.violating())
                .put("inARow", violations.inARow())
                .put("total", violations.total())
                .put("since", violations.since())
                .put("healedAt", violations.healedAt())
                .put("kinds", JsonShape.array(violations.kinds(), ViolationShapes::kind))
                .put("forgotten", violations.forgotten())
                .build();
    }

    private static JsonObject kind(ViolationKind kind) {
        return new JsonShape()
                .put("last", violation(kind.last()))
                .put("publisher", ValueShapes.publisher(kind.publisher()))
                .put("count", kind.count())
                .put("firstAt", kind.firstAt())
                .build();
    }

    /** Violations of one topic that are alike. */
    public record Group(ViolatedTopic of, ViolationKind kind) {}

    /** The API's ViolationGroup. */
    public JsonObject group(Group group) {
        ViolatedTopic of = group.of();
        ViolationKind kind = group.kind();
        return new JsonShape()
                .put("topic", of.topic())
                .put("nodeId", of.nodeId().toString())
                .put("path", path(of.nodeId()))
                .put("validation", services.namespace().policyOf(of.nodeId()).validation().value())
                .put("violating", of.violations().violating())
                .put("healedAt", of.violations().healedAt())
                .put("last", violation(kind.last()))
                .put("publisher", ValueShapes.publisher(kind.publisher()))
                .put("count", kind.count())
                .put("firstAt", kind.firstAt())
                .build();
    }

    /** The API's ViolatingTopic. */
    public JsonObject violating(TopicValue value) {
        UUID id = value.nodeId();
        Violation last = value.lastViolation();
        return new JsonShape()
                .put("topic", value.topic())
                .put("nodeId", id == null ? null : id.toString())
                .put("path", path(id))
                .put("violationsInARow", value.violationsInARow())
                .put("lastViolation", last == null ? null : violation(last))
                .build();
    }

    private @Nullable String path(@Nullable UUID id) {
        return id == null
                ? null
                : services.findNamespace().flatMap(n -> n.get(id)).map(Node::path).orElse(null);
    }

    /** The API's Violation. */
    static JsonObject violation(Violation violation) {
        Expectation expectation = violation.expectation();
        return new JsonShape()
                .put("code", violation.code())
                .put("field", violation.field().isEmpty() ? null : violation.field())
                .put("type", violation.type())
                .put("found", violation.found())
                .put("expected", expectation == null ? null : expectation.text())
                .put(
                        "expectation",
                        expectation == null
                                ? null
                                : new JsonShape()
                                        .put("kind", expectation.kind())
                                        .put("value", expectation.value())
                                        .build())
                .put("reason", violation.detail())
                .put("why", Reasons.toJson(violation.reason()))
                .put("at", violation.at())
                .build();
    }
}
