package io.busbar.uns.registry.model;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldName;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NameProblem;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
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
        Bounds.most("fields", model.fields().size(), MAX_FIELDS, "");
        boolean oneValue =
                PayloadFormat.BUILT_IN.contains(format) && !format.equals(PayloadFormat.JSON);
        if (oneValue && model.fields().size() > 1) {
            throw new RefusedException(
                    "fields: "
                            + model.fields().size()
                            + " (expected: at most 1 for payloadFormat "
                            + format
                            + ")",
                    Reason.Code.ONE_VALUE,
                    "found",
                    String.valueOf(model.fields().size()),
                    "format",
                    format.name());
        }
        String quality = model.quality();
        if (quality != null && (quality.isBlank() || model.fields().isEmpty())) {
            throw quality.isBlank()
                    ? new RefusedException(
                            "quality: empty (expected: the name of a value)",
                            Reason.Code.EMPTY,
                            "at",
                            "quality")
                    : new RefusedException(
                            "quality: '"
                                    + JsonText.clip(quality)
                                    + "' without fields (expected: a model with fields)",
                            Reason.Code.WITHOUT_FIELDS,
                            "found",
                            JsonText.clip(quality));
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
                throw new RefusedException(
                        "field "
                                + JsonText.clip(field.name())
                                + ": twice (expected: names that differ)",
                        Reason.Code.TWICE,
                        "at",
                        "fields",
                        "found",
                        JsonText.clip(field.name()));
            }
            String source = field.source() == null ? field.name() : field.source();
            if (!sources.add(source)) {
                throw new RefusedException(
                        "field "
                                + field.name()
                                + ": source '"
                                + JsonText.clip(source)
                                + "' twice (expected: sources that differ)",
                        Reason.Code.TWICE,
                        "at",
                        JsonText.clip(field.name()) + ".source",
                        "found",
                        JsonText.clip(source));
            }
        }
    }

    private static void checkName(String name) {
        NameProblem problem = FieldName.problem(name);
        if (problem != null) {
            throw new RefusedException(
                    "field name: '" + JsonText.clip(name) + "' " + problem.text(),
                    problem.reason().inside("fields"));
        }
    }

    private static void check(Field field, TopicType topicType) {
        try {
            checkRules(field, topicType);
        } catch (RefusedException e) {
            String name = JsonText.clip(field.name());
            throw new RefusedException(
                    "field " + name + ": " + e.getMessage(), e.reason().inside(name));
        }
    }

    private static void checkRules(Field field, TopicType topicType) {
        if (field.source() != null && field.source().isBlank()) {
            throw new RefusedException(
                    "source: empty (expected: a key or path of the payload)",
                    Reason.Code.EMPTY,
                    "at",
                    "source");
        }
        Bounds.length("source", field.source(), FieldPath.MAX_LENGTH);
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
            throw new RefusedException(
                    "type "
                            + type
                            + " (expected for a METRIC: a number, BOOLEAN, DATETIME or STRING; make"
                            + " it a STATE or ACTION)",
                    Reason.Code.NOT_IN_METRIC,
                    "at",
                    "type",
                    "type",
                    type.name());
        }
        if (!number && (field.min() != null || field.max() != null)) {
            throw new RefusedException(
                    "min or max on " + type + " (expected: only on numbers)",
                    Reason.Code.ONLY_NUMBERS,
                    "at",
                    "min, max",
                    "type",
                    type.name());
        }
        if (field.min() != null && field.max() != null && field.min().compareTo(field.max()) > 0) {
            throw new RefusedException(
                    "min " + field.min() + " is above max " + field.max(),
                    Reason.Code.MIN_ABOVE_MAX,
                    "at",
                    "min",
                    "min",
                    field.min().toString(),
                    "max",
                    field.max().toString());
        }
        Bounds.range("decimals", field.decimals(), 0, 15);
        Bounds.range("maxLength", field.maxLength(), 1, 1_000_000);
        if (type != FieldType.STRING && (field.maxLength() != null || field.pattern() != null)) {
            throw new RefusedException(
                    "maxLength or pattern on " + type + " (expected: only on STRING)",
                    Reason.Code.ONLY_STRINGS,
                    "at",
                    "maxLength, pattern",
                    "type",
                    type.name());
        }
        if (type == FieldType.ENUM ? field.allowed().isEmpty() : !field.allowed().isEmpty()) {
            throw type == FieldType.ENUM
                    ? new RefusedException(
                            "enum: empty (expected: at least one text)",
                            Reason.Code.EMPTY,
                            "at",
                            "enum")
                    : new RefusedException(
                            "enum on " + type + " (expected: only on ENUM)",
                            Reason.Code.ONLY_ENUMS,
                            "at",
                            "enum",
                            "type",
                            type.name());
        }
        Bounds.most("enum", field.allowed().size(), MAX_FIELDS, " texts");
        Bounds.length("pattern", field.pattern(), 200);
        if (field.pattern() != null) {
            try {
                Pattern.compile(field.pattern());
            } catch (PatternSyntaxException e) {
                throw new RefusedException(
                        "pattern: " + e.getDescription() + " (expected: a regular expression)",
                        Reason.Code.NO_PATTERN,
                        "at",
                        "pattern");
            }
        }
        Bounds.length("unit", field.unit(), 32);
        Bounds.length("displayName", field.displayName(), Bounds.DISPLAY_NAME);
        Bounds.length("description", field.description(), Bounds.DESCRIPTION);
    }
}
