package io.busbar.uns.registry.model;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldName;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.TopicType;
import io.busbar.uns.registry.payload.JsonText;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Checks that models and fields are within their limits. Every failure is an {@link
 * IllegalArgumentException} that names the value and what was expected.
 */
public final class ModelRules {
    static final int MAX_FIELDS = 256;

    private ModelRules() {}

    /**
     * Throws if the model is out of bounds, or does not go with the topic's type and format.
     *
     * @param known names of fields that were there before, which may stay
     */
    public static void check(
            Model model, TopicType topicType, PayloadFormat format, Set<String> known) {
        if (model.fields().size() > MAX_FIELDS) {
            throw new IllegalArgumentException(
                    "fields: " + model.fields().size() + " (expected: at most " + MAX_FIELDS + ")");
        }
        boolean oneValue =
                PayloadFormat.BUILT_IN.contains(format) && !format.equals(PayloadFormat.JSON);
        if (oneValue && model.fields().size() > 1) {
            throw new IllegalArgumentException(
                    "fields: "
                            + model.fields().size()
                            + " (expected: at most 1 for payloadFormat "
                            + format
                            + ")");
        }
        String quality = model.quality();
        if (quality != null && (quality.isBlank() || model.fields().isEmpty())) {
            throw new IllegalArgumentException(
                    quality.isBlank()
                            ? "quality: empty (expected: the name of a value)"
                            : "quality: '"
                                    + JsonText.clip(quality)
                                    + "' without fields (expected: a model with fields)");
        }
        Bounds.length("quality", quality, 255);
        Set<String> names = new HashSet<>();
        Set<String> sources = new HashSet<>();
        for (Field field : model.fields()) {
            if (!known.contains(field.name())) {
                checkName(field.name());
            }
            check(field, topicType);
            if (!names.add(field.name())) {
                throw new IllegalArgumentException(
                        "field "
                                + JsonText.clip(field.name())
                                + ": twice (expected: names that differ)");
            }
            String source = field.source() == null ? field.name() : field.source();
            if (!sources.add(source)) {
                throw new IllegalArgumentException(
                        "field "
                                + field.name()
                                + ": source '"
                                + JsonText.clip(source)
                                + "' twice (expected: sources that differ)");
            }
        }
    }

    private static void checkName(String name) {
        String problem = FieldName.problemOf(name);
        if (problem != null) {
            throw new IllegalArgumentException(
                    "field name: '" + JsonText.clip(name) + "' " + problem);
        }
    }

    private static void check(Field field, TopicType topicType) {
        String at = "field " + JsonText.clip(field.name()) + ": ";
        if (field.source() != null && field.source().isBlank()) {
            throw new IllegalArgumentException(
                    at + "source: empty (expected: a key or path of the payload)");
        }
        Bounds.length(at + "source", field.source(), FieldPath.MAX_LENGTH);
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
        Bounds.range(at + "decimals", field.decimals(), 0, 15);
        Bounds.range(at + "maxLength", field.maxLength(), 1, 1_000_000);
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
        Bounds.length(at + "pattern", field.pattern(), 200);
        if (field.pattern() != null) {
            try {
                Pattern.compile(field.pattern());
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        at + "pattern: " + e.getDescription() + " (expected: a regular expression)",
                        e);
            }
        }
        Bounds.length(at + "unit", field.unit(), 32);
        Bounds.length(at + "displayName", field.displayName(), Bounds.DISPLAY_NAME);
        Bounds.length(at + "description", field.description(), Bounds.DESCRIPTION);
    }
}
