package io.busbar.api.uns;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people may change of a template, because no payload is checked with it.
 *
 * @param name see {@link Template#MAX_NAME}; no other template is called so
 * @param description null = none
 * @param labels for people
 */
public record TemplateFacts(String name, @Nullable String description, List<String> labels) {
    public TemplateFacts {
        labels = List.copyOf(labels);
    }

    /** A name and nothing else. */
    public static TemplateFacts of(String name) {
        return new TemplateFacts(name, null, List.of());
    }
}
