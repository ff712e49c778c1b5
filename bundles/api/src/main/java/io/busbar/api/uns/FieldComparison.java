package io.busbar.api.uns;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds out what it means to values that a field becomes another one of the same name. */
final class FieldComparison {
    private boolean narrower;
    private boolean wider;

    private FieldComparison() {}

    /** Whether two fields are the same, however the numbers of their limits are written. */
    static boolean same(Field one, Field other) {
        return one.equals(other) || plain(one).equals(plain(other));
    }

    private static Field plain(Field field) {
        return field.withLimits(plain(field.min()), plain(field.max()));
    }

    private static @Nullable BigDecimal plain(@Nullable BigDecimal number) {
        return number == null ? null : number.stripTrailingZeros();
    }

    /** What a change is; the two differ. */
    static FieldChange.Kind of(Field before, Field after) {
        FieldComparison found = new FieldComparison();
        found.compare(before, after);
        if (found.narrower) {
            return FieldChange.Kind.NARROWED;
        }
        boolean other =
                !Objects.equals(before.unit(), after.unit())
                        || !Objects.equals(source(before), source(after));
        if (other) {
            return FieldChange.Kind.CHANGED;
        }
        return found.wider ? FieldChange.Kind.WIDENED : FieldChange.Kind.DESCRIBED;
    }

    private static String source(Field field) {
        String source = field.source();
        return source == null ? field.name() : source;
    }

    private void compare(Field before, Field after) {
        if (before.type() != after.type()) {
            turned(takes(after.type(), before.type()), !takes(after.type(), before.type()));
        }
        turned(before.required() && !after.required(), !before.required() && after.required());
        turned(!before.nullable() && after.nullable(), before.nullable() && !after.nullable());
        turned(!before.coerce() && after.coerce(), before.coerce() && !after.coerce());
        limit(negated(before.min()), negated(after.min()));
        limit(before.max(), after.max());
        limit(number(before.maxLength()), number(after.maxLength()));
        if (!Objects.equals(before.pattern(), after.pattern())) {
            turned(after.pattern() == null, after.pattern() != null);
        }
        if (before.type() == FieldType.ENUM && after.type() == FieldType.ENUM) {
            turned(
                    !before.allowed().containsAll(after.allowed()),
                    !after.allowed().containsAll(before.allowed()));
        }
    }

    private void turned(boolean toWider, boolean toNarrower) {
        wider |= toWider;
        narrower |= toNarrower;
    }

    /** Compares what an upper limit was with what it becomes. */
    private void limit(@Nullable BigDecimal was, @Nullable BigDecimal becomes) {
        if (was == null) {
            turned(false, becomes != null);
        } else {
            int up = becomes == null ? 1 : becomes.compareTo(was);
            turned(up > 0, up < 0);
        }
    }

    private static @Nullable BigDecimal negated(@Nullable BigDecimal value) {
        return value == null ? null : value.negate();
    }

    private static @Nullable BigDecimal number(@Nullable Integer value) {
        return value == null ? null : BigDecimal.valueOf(value);
    }

    /** Whether a type takes all values of another. */
    private static boolean takes(FieldType type, FieldType other) {
        return switch (type) {
            case LONG -> other == FieldType.INTEGER;
            case FLOAT -> other == FieldType.INTEGER || other == FieldType.LONG;
            case DOUBLE ->
                    other == FieldType.INTEGER
                            || other == FieldType.LONG
                            || other == FieldType.FLOAT;
            case STRING -> other == FieldType.ENUM;
            default -> false;
        };
    }
}
