package io.busbar.api.uns;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of a template, as it was published. It never changes.
 *
 * @param version its number
 * @param model its fields, and what topics have that do not say otherwise how unknown fields are
 *     treated and where the source's quality is
 * @param note what is new in it, for people; null = nothing said
 */
public record TemplateVersion(
        SemanticVersion version,
        Model model,
        @Nullable String note,
        Instant createdAt,
        String createdBy) {}
