package io.busbar.uns.registry.model;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.busbar.api.uns.Expectation;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldName;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.JsonType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.Violation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Changes a model as little as possible so that a payload fits it which did not: one thing that is
 * wrong after the other. What fitted before fits afterwards.
 */
public final class Relaxation {
    /** More changes than a model has fields and limits. */
    private static final int MOST_STEPS = 1_000;

    private final List<Field> proposed;

    private Relaxation(List<Field> proposed) {
        this.proposed = proposed;
    }

    /**
     * Changes a model.
     *
     * @param proposed the fields that would be proposed for the payload, for those that are unknown
     * @param examine says the first thing that is wrong with the payload by a model
     * @return empty if the payload does not fit whatever is changed
     */
    public static Optional<Model> of(
            Model model, List<Field> proposed, Function<Model, @Nullable Violation> examine) {
        Relaxation relaxation = new Relaxation(proposed);
        Model relaxed = model;
        for (int i = 0; i < MOST_STEPS; i++) {
            Violation wrong = examine.apply(relaxed);
            if (wrong == null) {
                return Optional.of(relaxed);
            }
            Model next = relaxation.step(relaxed, wrong);
            if (next == null || next.equals(relaxed)) {
                return Optional.empty();
            }
            relaxed = next;
        }
        return Optional.empty();
    }

    private @Nullable Model step(Model model, Violation wrong) {
        if (wrong.code() == Violation.Code.UNKNOWN_FIELD) {
            return added(model, wrong.field());
        }
        List<Field> fields = new ArrayList<>(model.fields());
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(wrong.field())) {
                Field relaxed = relaxed(fields.get(i), wrong);
                if (relaxed == null) {
                    return null;
                }
                fields.set(i, relaxed);
                return model.withFields(fields);
            }
        }
        return null;
    }

    /** The model with the field that is proposed for a key; else it takes all that is unknown. */
    private Model added(Model model, String key) {
        String normal = FieldName.normalized(key);
        for (Field each : proposed) {
            String own = each.source() == null ? each.name() : each.source();
            boolean free = model.fields().stream().noneMatch(one -> one.name().equals(each.name()));
            if (free && (own.equals(key) || own.equals(normal))) {
                List<Field> fields = new ArrayList<>(model.fields());
                fields.add(each);
                return model.withFields(fields);
            }
        }
        return model.withUnknownFields(UnknownFields.ALLOW);
    }

    private static @Nullable Field relaxed(Field field, Violation wrong) {
        return switch (wrong.code()) {
            case REQUIRED -> field.withRequired(false);
            case NULL -> field.withNullable(true);
            case TYPE -> widened(field, wrong.type());
            case RANGE -> ranged(field, wrong);
            case LENGTH -> field.withMaxLength(length(wrong.found()));
            case ENUM -> allowing(field, wrong.found());
            case PATTERN -> field.withPattern(null);
            default -> null;
        };
    }

    private static @Nullable Field widened(Field field, @Nullable JsonType found) {
        if (found == JsonType.NULL) {
            return field.withNullable(true);
        }
        return switch (field.type()) {
            case INTEGER, LONG ->
                    found == JsonType.NUMBER
                            ? field.withType(FieldType.DOUBLE, field.nullable(), field.coerce())
                            : coercing(field, found);
            case FLOAT, DOUBLE, BOOLEAN -> coercing(field, found);
            default -> null;
        };
    }

    private static @Nullable Field coercing(Field field, @Nullable JsonType found) {
        return found == JsonType.STRING && !field.coerce()
                ? field.withType(field.type(), field.nullable(), true)
                : null;
    }

    private static @Nullable Field ranged(Field field, Violation wrong) {
        Expectation expected = wrong.expectation();
        if (expected == null) {
            return null;
        }
        return switch (expected.kind()) {
            case AT_LEAST -> field.withLimits(number(wrong.found()), field.max());
            case AT_MOST -> field.withLimits(field.min(), number(wrong.found()));
            case BITS_32 -> field.withType(FieldType.LONG, field.nullable(), field.coerce());
            case BITS_64, FLOAT ->
                    field.withType(FieldType.DOUBLE, field.nullable(), field.coerce());
            default -> null;
        };
    }

    /** A number as it came; null = no limit, because the text of it was shortened. */
    private static @Nullable BigDecimal number(@Nullable String found) {
        try {
            return found == null ? null : new BigDecimal(found.replace("\"", ""));
        } catch (NumberFormatException shortened) {
            return null;
        }
    }

    private static @Nullable Integer length(@Nullable String found) {
        try {
            return found == null ? null : Integer.valueOf(found);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Field allowing(Field field, @Nullable String found) {
        try {
            List<String> allowed = new ArrayList<>(field.allowed());
            allowed.add(JsonParser.parseString(found == null ? "" : found).getAsString());
            return field.withAllowed(allowed);
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
            return null;
        }
    }
}
