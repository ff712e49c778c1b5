package io.busbar.uns.registry.document;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.json.JsonMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The templates in the document store: one document each, and one for each version, which is
 * written once and then only deleted with its template.
 */
public final class TemplateDocuments {
    private static final String TEMPLATES = "uns_templates";
    private static final String VERSIONS = "uns_template_versions";

    /** Documents of a newer version may have more keys. */
    private static final JsonMapper MAPPER = JsonMapper.builder().tolerateUnknownKeys().build();

    private static final Logger LOG = LoggerFactory.getLogger(TemplateDocuments.class);

    private TemplateDocuments() {}

    /**
     * All templates. Documents that cannot be read stay where they are and are named in the log, as
     * are templates without a version that can be read.
     */
    public static List<Template> load(Documents documents) {
        Map<UUID, List<TemplateVersion>> versions = new HashMap<>();
        documents.scan(VERSIONS, each -> loadVersion(each, versions));
        versions.values().forEach(all -> all.sort(Comparator.comparing(TemplateVersion::version)));
        List<Template> templates = new ArrayList<>();
        documents.scan(TEMPLATES, each -> loadTemplate(each, versions, templates));
        return templates;
    }

    private static void loadVersion(Document document, Map<UUID, List<TemplateVersion>> into) {
        try {
            UUID id = UUID.fromString(document.key().substring(0, document.key().indexOf('.')));
            TemplateVersion version =
                    MAPPER.read(document.json(), VersionDocument.class).toVersion();
            into.computeIfAbsent(id, none -> new ArrayList<>()).add(version);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            unreadable(document, e);
        }
    }

    private static void loadTemplate(
            Document document, Map<UUID, List<TemplateVersion>> versions, List<Template> into) {
        try {
            UUID id = UUID.fromString(document.key());
            List<TemplateVersion> own = versions.getOrDefault(id, List.of());
            if (own.isEmpty()) {
                throw new IllegalArgumentException("versions: none that can be read");
            }
            into.add(
                    MAPPER.read(document.json(), TemplateDocument.class)
                            .toTemplate(id, document.revision(), own));
        } catch (IllegalArgumentException e) {
            unreadable(document, e);
        }
    }

    private static void unreadable(Document document, RuntimeException e) {
        LOG.warn(
                "Namespace: a template or a version of one cannot be read and is not offered; its"
                        + " document is kept (collection={}, key={})",
                document.collection(),
                document.key(),
                e);
    }

    /**
     * Writes a template.
     *
     * @param template with the revision that it gets: 1 if it is new
     */
    public static DocumentChange change(Template template) {
        return new DocumentChange(
                TEMPLATES,
                template.id().toString(),
                MAPPER.write(TemplateDocument.of(template)),
                template.revision() - 1);
    }

    /** Writes a new version of a template. */
    public static DocumentChange change(Template template, TemplateVersion version) {
        return DocumentChange.create(
                VERSIONS, key(template, version), MAPPER.write(VersionDocument.of(version)));
    }

    /** Deletes a template with its versions. */
    public static List<DocumentChange> delete(Template template) {
        List<DocumentChange> changes = new ArrayList<>();
        changes.add(DocumentChange.delete(TEMPLATES, template.id().toString()));
        template.versions()
                .forEach(each -> changes.add(DocumentChange.delete(VERSIONS, key(template, each))));
        return changes;
    }

    private static String key(Template template, TemplateVersion version) {
        return template.id() + "." + version.version();
    }

    /** What is written of a version in a file, but for who made it when. */
    public static JsonObject withoutStamp(TemplateVersion version) {
        JsonObject json = MAPPER.toTree(VersionDocument.of(version)).getAsJsonObject();
        json.remove("createdAt");
        json.remove("createdBy");
        if (!json.has("fields")) {
            json.add("fields", new JsonArray());
        }
        return json;
    }
}
