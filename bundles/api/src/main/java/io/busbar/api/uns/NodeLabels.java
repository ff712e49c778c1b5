package io.busbar.api.uns;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What people write on a node so that others find and understand it. An empty text counts as none.
 *
 * @param displayName what people call it
 * @param labels words to find it by
 * @param extendProperties further facts, by name
 * @param isa95Level Enterprise, Site, Area …, or null
 */
public record NodeLabels(
        @Nullable String displayName,
        @Nullable String description,
        List<String> labels,
        Map<String, String> extendProperties,
        @Nullable String isa95Level) {
    /** Nothing is written on it. */
    public static final NodeLabels NONE = new NodeLabels(null, null, List.of(), Map.of(), null);

    public NodeLabels {
        displayName = emptyToNull(displayName);
        description = emptyToNull(description);
        labels = List.copyOf(labels);
        extendProperties = Map.copyOf(extendProperties);
        isa95Level = emptyToNull(isa95Level);
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    /** The same under another display name; null or empty = none. */
    public NodeLabels withDisplayName(@Nullable String newDisplayName) {
        return new NodeLabels(newDisplayName, description, labels, extendProperties, isa95Level);
    }
}
