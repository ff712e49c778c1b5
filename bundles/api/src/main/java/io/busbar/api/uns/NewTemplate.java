package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * A template to create, with its first version.
 *
 * @param facts its name and what describes it
 * @param alias a short name by which files of other tools mean it; null or empty = none
 * @param first its first version
 */
public record NewTemplate(TemplateFacts facts, @Nullable String alias, NewTemplateVersion first) {
    public NewTemplate {
        alias = alias == null || alias.isEmpty() ? null : alias;
    }
}
