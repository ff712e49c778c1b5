package io.busbar.uns.registry;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeName;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.TopicType;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of nodes and fields. Every failure is an {@link IllegalArgumentException} that names
 * the value and what was expected.
 */
final class NodeRules {
    static final int MAX_FIELDS = 256;
    static final int MAX_DISPLAY_NAME = 128;
    static final int MAX_DESCRIPTION = 1000;
    static final int MAX_LABELS = 32;
    static final int MAX_PROPERTIES = 32;
    static final int MAX_STALE_SECONDS = 366 * 24 * 3600;

    private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");
    private static final Pattern ALIAS =
            Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}\\p{M}_.\\-]{0,127}");

    private NodeRules() {}

    /** Whether a text can be the name of a field. */
    static boolean isFieldName(String name) {
        return FIELD_NAME.matcher(name).matches();
    }

    static void check(Node node) {
        String problem = NodeName.problemOf(node.name());
        if (problem != null) {
            throw new IllegalArgumentException(
                    "name: '" + JsonScan.clip(node.name()) + "' " + problem);
        }
        problem = NodeName.pathProblemOf(node.path());
        if (problem != null) {
            throw new IllegalArgumentException(
                    "path: '" + JsonScan.clip(node.path()) + "' " + problem);
        }
        if (!ALIAS.matcher(node.alias()).matches()) {
            throw new IllegalArgumentException(
                    "alias: '"
                            + JsonScan.clip(node.alias())
                            + "' (expected: 1 to 128 letters, digits, '_', '-' and '.', beginning"
                            + " with a letter, digit or '_')");
        }
        length("displayName", node.displayName(), MAX_DISPLAY_NAME);
        length("description", node.description(), MAX_DESCRIPTION);
        length("isa95Level", node.isa95Level(), 63);
        if (node.labels().size() > MAX_LABELS) {
            throw new IllegalArgumentException(
                    "labels: " + node.labels().size() + " (expected: at most " + MAX_LABELS + ")");
        }
        for (String label : node.labels()) {
            if (label.isBlank()) {
                throw new IllegalArgumentException(
                        "labels: an empty one (expected: 1 to 63 characters)");
            }
            length("labels", label, 63);
        }
        if (node.extendProperties().size() > MAX_PROPERTIES) {
            throw new IllegalArgumentException(
                    "extendProperties: "
                            + node.extendProperties().size()
                            + " (expected: at most "
                            + MAX_PROPERTIES
                            + ")");
        }
        node.extendProperties()
                .forEach(
                        (key, value) -> {
                            if (key.isBlank()) {
                                throw new IllegalArgumentException(
                                        "extendProperties: an empty key (expected: 1 to 64"
                                                + " characters)");
                            }
                            length("extendProperties: key", key, 64);
                            length("extendProperties: " + key, value, MAX_DESCRIPTION);
                        });
        if (node.staleAfterSeconds() < 0 || node.staleAfterSeconds() > MAX_STALE_SECONDS) {
            throw new IllegalArgumentException(
                    "staleAfterSeconds: "
                            + node.staleAfterSeconds()
                            + " (expected: 0..."
                            + MAX_STALE_SECONDS
                            + ")");
        }
        if (node.type() == NodeType.TOPIC) {
            TopicType topicType = node.topicType();
            if (topicType == null) {
                throw new IllegalArgumentException(
                        "topicType: missing (expected: METRIC, STATE or ACTION)");
            }
            check(node.model(), topicType, node.payloadFormat());
        } else if (!node.model().fields().isEmpty()) {
            throw new IllegalArgumentException(
                    "model: "
                            + node.model().fields().size()
                            + " fields on a PATH (expected: only a TOPIC has fields)");
        }
    }

    private static void check(Model model, TopicType topicType, PayloadFormat format) {
        if (model.fields().size() > MAX_FIELDS) {
            throw new IllegalArgumentException(
                    "fields: " + model.fields().size() + " (expected: at most " + MAX_FIELDS + ")");
        }
        if (format != PayloadFormat.JSON && model.fields().size() > 1) {
            throw new IllegalArgumentException(
                    "fields: "
                            + model.fields().size()
                            + " (expected: at most 1 for payloadFormat "
                            + format
                            + ")");
        }
        Set<String> names = new HashSet<>();
        for (Field field : model.fields()) {
            check(field, topicType);
            if (!names.add(field.name())) {
                throw new IllegalArgumentException(
                        "field " + field.name() + ": twice (expected: names that differ)");
            }
        }
    }

    private static void check(Field field, TopicType topicType) {
        if (!isFieldName(field.name())) {
            throw new IllegalArgumentException(
                    "field name: '"
                            + JsonScan.clip(field.name())
                            + "' (expected: a letter, then at most 62 letters, digits and '_', all"
                            + " ASCII)");
        }
        String at = "field " + field.name() + ": ";
        FieldType type = field.type();
        boolean number =
                switch (type) {
                    case INTEGER, LONG, FLOAT, DOUBLE -> true;
                    default -> false;
                };
        boolean structured =
                switch (type) {
                    case ENUM, OBJECT, ARRAY, BLOB -> true;
                    default -> false;
                };
        if (structured && topicType == TopicType.METRIC) {
            throw new IllegalArgumentException(
                    at
                            + "type "
                            + type
                            + " (expected for a METRIC: a number, BOOLEAN, DATETIME or STRING; make"
                            + " it a STATE or ACTION)");
        }
        if (!number && (field.min() != null || field.max() != null)) {
            throw new IllegalArgumentException(
                    at + "min or max on " + type + " (expected: only on numbers)");
        }
        if (field.min() != null && field.max() != null && field.min().compareTo(field.max()) > 0) {
            throw new IllegalArgumentException(
                    at + "min " + field.min() + " is above max " + field.max());
        }
        bounds(at + "decimals", field.decimals(), 0, 15);
        bounds(at + "maxLength", field.maxLength(), 1, 1_000_000);
        if (type != FieldType.STRING && (field.maxLength() != null || field.pattern() != null)) {
            throw new IllegalArgumentException(
                    at + "maxLength or pattern on " + type + " (expected: only on STRING)");
        }
        if (type == FieldType.ENUM ? field.allowed().isEmpty() : !field.allowed().isEmpty()) {
            throw new IllegalArgumentException(
                    at
                            + (type == FieldType.ENUM
                                    ? "enum: empty (expected: at least one text)"
                                    : "enum on " + type + " (expected: only on ENUM)"));
        }
        if (field.allowed().size() > MAX_FIELDS) {
            throw new IllegalArgumentException(
                    at
                            + "enum: "
                            + field.allowed().size()
                            + " texts (expected: at most "
                            + MAX_FIELDS
                            + ")");
        }
        length(at + "pattern", field.pattern(), 200);
        if (field.pattern() != null) {
            try {
                Pattern.compile(field.pattern());
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        at + "pattern: " + e.getDescription() + " (expected: a regular expression)",
                        e);
            }
        }
        length(at + "unit", field.unit(), 32);
        length(at + "displayName", field.displayName(), MAX_DISPLAY_NAME);
        length(at + "description", field.description(), MAX_DESCRIPTION);
    }

    private static void bounds(String what, @Nullable Integer value, int min, int max) {
        if (value != null && (value < min || value > max)) {
            throw new IllegalArgumentException(
                    what + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }

    private static void length(String what, @Nullable String text, int max) {
        if (text != null && text.codePointCount(0, text.length()) > max) {
            throw new IllegalArgumentException(
                    what
                            + ": "
                            + text.codePointCount(0, text.length())
                            + " characters (expected: at most "
                            + max
                            + ")");
        }
    }
}
