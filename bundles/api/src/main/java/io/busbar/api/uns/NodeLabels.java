package io.busbar.api.uns;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names and descriptions that help people find and understand a node. An empty text becomes null.
 *
 * @param displayName a name to show instead of the node's name; null = none
 * @param description null = none
 * @param labels keywords
 * @param extendProperties further facts, as names and values
 * @param isa95Level the level in the ISA-95 hierarchy, e.g. Enterprise, Site or Area; null = none
 */
public record NodeLabels(
        @Nullable String displayName,
        @Nullable String description,
        List<String> labels,
        Map<String, String> extendProperties,
        @Nullable String isa95Level) {
    /** No labels. */
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

    /**
     * Returns this with another display name.
     *
     * @param newDisplayName null or empty = none
     */
    public NodeLabels withDisplayName(@Nullable String newDisplayName) {
        return new NodeLabels(newDisplayName, description, labels, extendProperties, isa95Level);
    }
}
