package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * A version to publish.
 *
 * @param version its number, greater than that of all others; null = the next one for what it
 *     changes
 * @param model its fields; without a template of its own
 * @param note what is new in it, for people; null or empty = nothing said
 */
public record NewTemplateVersion(
        @Nullable SemanticVersion version, Model model, @Nullable String note) {
    public NewTemplateVersion {
        note = note == null || note.isEmpty() ? null : note;
    }
}
