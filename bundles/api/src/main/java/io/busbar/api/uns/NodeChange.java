package io.busbar.api.uns;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A partial change of a node: what is null stays as it is; an empty text clears. A new name moves
 * everything below as well.
 */
public record NodeChange(
        @Nullable String name,
        @Nullable String displayName,
        @Nullable String description,
        @Nullable List<String> labels,
        @Nullable Map<String, String> extendProperties,
        @Nullable String isa95Level,
        @Nullable PayloadFormat payloadFormat,
        @Nullable Model model,
        @Nullable ValidationMode validation,
        @Nullable Boolean enableHistory,
        @Nullable Integer staleAfterSeconds,
        @Nullable Boolean writable) {}
