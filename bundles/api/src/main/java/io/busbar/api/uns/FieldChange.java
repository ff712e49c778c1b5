package io.busbar.api.uns;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a field from one version of a model to another.
 *
 * @param before null = it is new
 * @param after null = it is no more
 */
public record FieldChange(Kind kind, @Nullable Field before, @Nullable Field after) {
    /** What a change means to publishers and readers. */
    public enum Kind {
        /** It was not there. */
        ADDED,
        /** It is there no more. */
        REMOVED,
        /** Values that fitted may fit no more. */
        NARROWED,
        /** All values that fitted still fit, and more. */
        WIDENED,
        /** Its values mean something else: another unit, or another place in the payload. */
        CHANGED,
        /** Nothing but what is said of it to people. */
        DESCRIBED
    }

    /** Whether somebody who publishes or reads may have to change something. */
    public boolean breaks() {
        return switch (kind) {
            case REMOVED, NARROWED, CHANGED -> true;
            case ADDED -> after != null && after.required();
            case WIDENED, DESCRIBED -> false;
        };
    }

    /** The name of the field. */
    public String name() {
        return after != null ? after.name() : before == null ? "" : before.name();
    }

    /**
     * Compares two models, field by field: those of the later one in their order, then those that
     * are no more. The order of fields is no change.
     */
    public static List<FieldChange> between(Model before, Model after) {
        Map<String, Field> left = new LinkedHashMap<>();
        before.fields().forEach(each -> left.put(each.name(), each));
        List<FieldChange> changes = new ArrayList<>();
        for (Field each : after.fields()) {
            Field old = left.remove(each.name());
            if (old == null) {
                changes.add(new FieldChange(Kind.ADDED, null, each));
            } else if (!FieldComparison.same(old, each)) {
                changes.add(new FieldChange(FieldComparison.of(old, each), old, each));
            }
        }
        left.values().forEach(gone -> changes.add(new FieldChange(Kind.REMOVED, gone, null)));
        return changes;
    }

    /** The number of a version that comes after another one with these changes. */
    public static SemanticVersion next(SemanticVersion latest, Model before, Model after) {
        List<FieldChange> changes = between(before, after);
        boolean stricter = after.unknownFields().compareTo(before.unknownFields()) > 0;
        if (stricter || changes.stream().anyMatch(FieldChange::breaks)) {
            return latest.nextMajor();
        }
        boolean said = changes.stream().allMatch(each -> each.kind() == Kind.DESCRIBED);
        boolean same =
                after.unknownFields() == before.unknownFields()
                        && Objects.equals(after.quality(), before.quality());
        return said && same ? latest.nextPatch() : latest.nextMinor();
    }
}
