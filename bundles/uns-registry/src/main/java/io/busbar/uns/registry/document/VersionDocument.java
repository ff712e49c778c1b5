package io.busbar.uns.registry.document;

import io.busbar.api.uns.Model;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.api.uns.UnknownFields;
import io.busbar.json.OptionalKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A version of a template as it is stored. */
record VersionDocument(
        String version,
        @OptionalKey List<FieldDocument> fields,
        UnknownFields unknownFields,
        @OptionalKey @Nullable String quality,
        @OptionalKey @Nullable String note,
        Instant createdAt,
        String createdBy) {

    static VersionDocument of(TemplateVersion version) {
        Model model = version.model();
        return new VersionDocument(
                version.version().toString(),
                model.fields().stream().map(FieldDocument::of).toList(),
                model.unknownFields(),
                model.quality(),
                version.note(),
                version.createdAt(),
                version.createdBy());
    }

    TemplateVersion toVersion() {
        return new TemplateVersion(
                SemanticVersion.of(version),
                new Model(
                        fields.stream().map(FieldDocument::toField).toList(),
                        unknownFields,
                        quality),
                note,
                createdAt,
                createdBy);
    }
}
