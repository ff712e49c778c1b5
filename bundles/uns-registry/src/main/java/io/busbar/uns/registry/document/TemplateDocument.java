package io.busbar.uns.registry.document;

import io.busbar.api.uns.NodeStamp;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateFacts;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.json.OptionalKey;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A template as it is stored, without its versions, each of which is a document of its own. */
record TemplateDocument(
        String name,
        @OptionalKey @Nullable String alias,
        @OptionalKey @Nullable String description,
        @OptionalKey List<String> labels,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy) {

    static TemplateDocument of(Template template) {
        return new TemplateDocument(
                template.name(),
                template.alias(),
                template.facts().description(),
                template.facts().labels(),
                template.stamp().createdAt(),
                template.stamp().createdBy(),
                template.stamp().updatedAt(),
                template.stamp().updatedBy());
    }

    Template toTemplate(UUID id, long revision, List<TemplateVersion> versions) {
        return new Template(
                id,
                alias,
                new TemplateFacts(name, description, labels),
                versions,
                new NodeStamp(createdAt, createdBy, updatedAt, updatedBy, revision));
    }
}
