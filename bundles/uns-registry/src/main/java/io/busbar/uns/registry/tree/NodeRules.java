package io.busbar.uns.registry.tree;

import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.NameProblem;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeName;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.TopicType;
import io.busbar.uns.registry.model.Bounds;
import io.busbar.uns.registry.model.ModelRules;
import io.busbar.uns.registry.payload.JsonText;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks that nodes are within their limits. Every failure is an {@link IllegalArgumentException}
 * that names the value and what was expected.
 */
public final class NodeRules {
    private static final int MAX_LABELS = 32;
    private static final int MAX_LABEL = 64;
    private static final int MAX_PROPERTIES = 32;
    private static final int MAX_STALE_SECONDS = 366 * 24 * 3600;

    private static final Pattern ALIAS =
            Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}\\p{M}_.\\-]{0,127}");

    private NodeRules() {}

    /**
     * Throws if a new node is out of bounds.
     *
     * @param exists whether there is a node at a path: its name may stay as it is
     */
    public static void check(Node node, Predicate<String> exists) {
        checkName(node.name());
        checkPath(node.path(), exists);
        check(node, Set.of());
    }

    /**
     * Throws if there can be no node at a path.
     *
     * @param exists whether there is a node at a path: its name may stay as it is
     */
    public static void checkPath(String path, Predicate<String> exists) {
        NameProblem problem = NodeName.pathProblem(path, exists);
        if (problem != null) {
            throw new RefusedException(
                    "path: '" + JsonText.clip(path) + "' " + problem.text(),
                    problem.reason().inside("path"));
        }
    }

    /**
     * Throws if a change leaves a node out of bounds. Names that were there before may stay, its
     * own, those above it and those of its fields: the rules for names may have become stricter
     * since.
     */
    public static void check(Node before, Node after) {
        if (!after.name().equals(before.name())) {
            checkName(after.name());
        }
        check(
                after,
                before.payload().model().fields().stream()
                        .map(Field::name)
                        .collect(Collectors.toSet()));
    }

    /** Throws if a text cannot be a name of a node. */
    public static void checkName(String name) {
        NameProblem problem = NodeName.problem(name);
        if (problem != null) {
            throw new RefusedException(
                    "name: '" + JsonText.clip(name) + "' " + problem.text(),
                    problem.reason().inside("name"));
        }
    }

    private static void check(Node node, Set<String> knownFields) {
        checkAlias(node.identity().alias());
        Bounds.length("displayName", node.labels().displayName(), Bounds.DISPLAY_NAME);
        Bounds.length("description", node.labels().description(), Bounds.DESCRIPTION);
        Bounds.length("isa95Level", node.labels().isa95Level(), 63);
        checkLabels(node.labels().labels());
        Bounds.most(
                "extendProperties", node.labels().extendProperties().size(), MAX_PROPERTIES, "");
        node.labels()
                .extendProperties()
                .forEach(
                        (key, value) -> {
                            if (key.isBlank()) {
                                throw new RefusedException(
                                        "extendProperties: an empty key (expected: 1 to 64"
                                                + " characters)",
                                        Reason.Code.EMPTY,
                                        "at",
                                        "extendProperties");
                            }
                            Bounds.length("extendProperties: key", key, 64);
                            Bounds.length("extendProperties: " + key, value, Bounds.DESCRIPTION);
                        });
        NodePolicy policy = node.policy();
        checkRange("staleAfterSeconds", policy.staleAfterSeconds(), MAX_STALE_SECONDS);
        checkRange("maxPayloadBytes", policy.maxPayloadBytes(), NodePolicy.MOST_PAYLOAD_BYTES);
        checkRange(
                "maxMessagesPerSecond",
                policy.maxMessagesPerSecond(),
                NodePolicy.MOST_MESSAGES_PER_SECOND);
        checkWireTopic(node);
        checkTimeZone(policy.timeZone());
        if (node.type() == NodeType.TOPIC) {
            TopicType topicType = node.payload().topicType();
            if (topicType == null) {
                throw noTopicType();
            }
            ModelRules.check(
                    node.payload().model(), topicType, node.payload().format(), knownFields);
        } else if (!node.payload().model().fields().isEmpty()) {
            throw new RefusedException(
                    "model: "
                            + node.payload().model().fields().size()
                            + " fields on a PATH (expected: only a TOPIC has fields)",
                    Reason.Code.ONLY_TOPICS,
                    "at",
                    "fields");
        }
    }

    /** Throws if a text cannot be an alias. */
    public static void checkAlias(String alias) {
        if (!ALIAS.matcher(alias).matches()) {
            throw new RefusedException(
                    "alias: '"
                            + JsonText.clip(alias)
                            + "' (expected: 1 to 128 letters, digits, '_', '-' and '.', beginning"
                            + " with a letter, digit or '_')",
                    Reason.Code.ALIAS,
                    "at",
                    "alias",
                    "found",
                    JsonText.clip(alias));
        }
    }

    /** Throws if labels are out of bounds. */
    public static void checkLabels(List<String> labels) {
        Bounds.most("labels", labels.size(), MAX_LABELS, "");
        for (String label : labels) {
            if (label.isBlank()) {
                throw new RefusedException(
                        "labels: an empty one (expected: 1 to " + MAX_LABEL + " characters)",
                        Reason.Code.EMPTY,
                        "at",
                        "labels");
            }
            Bounds.length("labels", label, MAX_LABEL);
        }
    }

    /** Says that a topic must have a type. */
    public static RefusedException noTopicType() {
        return new RefusedException(
                "topicType: missing (expected: METRIC, STATE or ACTION)",
                Reason.Code.MISSING,
                "at",
                "topicType",
                "expected",
                "METRIC, STATE, ACTION");
    }

    private static void checkRange(String key, @Nullable Integer value, int most) {
        if (value != null && (value < 0 || value > most)) {
            throw new RefusedException(
                    key + ": " + value + " (expected: 0..." + most + ")",
                    Reason.Code.OUT_OF_RANGE,
                    "at",
                    key,
                    "found",
                    value.toString(),
                    "min",
                    "0",
                    "max",
                    String.valueOf(most));
        }
    }

    private static void checkWireTopic(Node node) {
        String wireTopic = node.payload().wireTopic();
        if (wireTopic == null) {
            return;
        }
        String problem =
                node.type() != NodeType.TOPIC
                        ? "on a PATH (expected: only a TOPIC has one)"
                        : wireTopic.charAt(0) == '$'
                                ? "begins with '$' (expected: a topic that is not the server's)"
                                : TopicName.problemOf(wireTopic);
        if (problem != null) {
            throw new RefusedException(
                    "wireTopic: '" + JsonText.clip(wireTopic) + "' " + problem,
                    node.type() == NodeType.TOPIC ? Reason.Code.TOPIC : Reason.Code.ONLY_TOPICS,
                    "at",
                    "wireTopic",
                    "found",
                    JsonText.clip(wireTopic));
        }
    }

    private static void checkTimeZone(@Nullable String name) {
        if (name == null) {
            return;
        }
        try {
            ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new RefusedException(
                    "timeZone: '"
                            + JsonText.clip(name)
                            + "' (expected: a name such as Europe/Paris, or an offset such as"
                            + " +02:00)",
                    Reason.Code.TIME_ZONE,
                    "at",
                    "timeZone",
                    "found",
                    JsonText.clip(name));
        }
    }

    /** Throws if a change of a node gives it another topic type. */
    public static void checkTopicType(Node before, Node after) {
        TopicType topicType = after.payload().topicType();
        if (topicType != before.payload().topicType()) {
            throw new RefusedException(
                    "topicType: "
                            + topicType
                            + " (expected: as it is, because it is part of the topic's path)",
                    Reason.Code.TYPE_STAYS,
                    "at",
                    "topicType",
                    "found",
                    String.valueOf(topicType));
        }
    }
}
