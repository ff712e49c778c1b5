package io.busbar.web.api.view;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldChange;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateImpact;
import io.busbar.api.uns.TemplatePin;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Templates in the form of the API. Thread-safe. */
public final class TemplateShapes {
    private final Backend services;

    public TemplateShapes(Backend services) {
        this.services = services;
    }

    /** The API's Template. */
    public JsonObject toJson(Template template) {
        return toJson(template, pinned(template));
    }

    /** How many topics pin each version of a template. */
    private Map<SemanticVersion, Integer> pinned(Template template) {
        return services.namespace().templates().pinned().getOrDefault(template.id(), Map.of());
    }

    /**
     * The API's Template.
     *
     * @param pinned how many topics pin each version
     */
    public static JsonObject toJson(Template template, Map<SemanticVersion, Integer> pinned) {
        int topics = pinned.values().stream().mapToInt(Integer::intValue).sum();
        TemplateVersion latest = template.latest();
        JsonArray versions = new JsonArray();
        for (int i = template.versions().size() - 1; i >= 0; i--) {
            versions.add(summary(template.versions().get(i), pinned).build());
        }
        return new JsonShape()
                .put("id", template.id().toString())
                .put("name", template.name())
                .put("alias", template.alias())
                .put("description", template.facts().description())
                .put("labels", JsonShape.texts(template.facts().labels()))
                .put("latest", latest.version().toString())
                .put("fields", latest.model().fields().size())
                .put("topics", topics)
                .put("topicsOnOlder", topics - pinned.getOrDefault(latest.version(), 0))
                .put("versions", versions)
                .put("revision", template.revision())
                .put("createdAt", template.stamp().createdAt())
                .put("createdBy", template.stamp().createdBy())
                .put("updatedAt", template.stamp().updatedAt())
                .put("updatedBy", template.stamp().updatedBy())
                .build();
    }

    private static JsonShape summary(
            TemplateVersion version, Map<SemanticVersion, Integer> pinned) {
        return new JsonShape()
                .put("version", version.version().toString())
                .put("note", version.note())
                .put("fields", version.model().fields().size())
                .put("topics", pinned.getOrDefault(version.version(), 0))
                .put("createdAt", version.createdAt())
                .put("createdBy", version.createdBy());
    }

    /** The API's TemplateVersionSummary, for each version, the newest first. */
    public JsonArray versions(Template template) {
        return toJson(template).getAsJsonArray("versions");
    }

    /**
     * The API's TemplateVersion.
     *
     * @param since the version that it is compared with; null = none
     */
    public JsonObject version(
            Template template, TemplateVersion version, @Nullable TemplateVersion since) {
        List<FieldChange> changes =
                since == null ? List.of() : FieldChange.between(since.model(), version.model());
        return summary(version, pinned(template))
                .put("templateId", template.id().toString())
                .put("name", template.name())
                .put("model", NodeShapes.model(version.model()))
                .put("since", since == null ? null : since.version().toString())
                .put("changes", changes(changes))
                .build();
    }

    private static JsonArray changes(List<FieldChange> changes) {
        return JsonShape.array(
                changes,
                each ->
                        new JsonShape()
                                .put("kind", each.kind())
                                .put("field", each.name())
                                .put("breaks", each.breaks())
                                .put("before", field(each.before()))
                                .put("after", field(each.after()))
                                .build());
    }

    private static @Nullable JsonObject field(@Nullable Field field) {
        return field == null ? null : NodeShapes.field(field);
    }

    /** The API's PinningTopic. */
    public static JsonObject pinning(Node node) {
        Model model = node.payload().model();
        TemplatePin pin = model.template();
        return new JsonShape()
                .put("id", node.id().toString())
                .put("path", node.path())
                .put("version", pin == null ? null : pin.version().toString())
                .put("adds", JsonShape.texts(model.overlay().stream().map(Field::name).toList()))
                .build();
    }

    /** The API's TemplateImpact. */
    public static JsonObject impact(TemplateImpact impact, long revision) {
        return new JsonShape()
                .put("revision", revision)
                .put("total", impact.total())
                .put("passing", impact.passing())
                .put("failing", impact.failing())
                .put("refused", impact.refused())
                .put("unheard", impact.unheard())
                .put(
                        "changes",
                        JsonShape.array(
                                impact.changes().entrySet(),
                                each ->
                                        new JsonShape()
                                                .put("version", each.getKey().toString())
                                                .put("changes", changes(each.getValue()))
                                                .build()))
                .put("nodes", JsonShape.array(impact.nodes(), TemplateShapes::ofNode))
                .build();
    }

    private static JsonObject ofNode(TemplateImpact.OfNode node) {
        return new JsonShape()
                .put("id", node.id().toString())
                .put("path", node.path())
                .put("version", node.version().toString())
                .put("passes", node.passes())
                .put("payloads", node.payloads())
                .put("violating", node.violating())
                .put("broken", node.broken())
                .put(
                        "violation",
                        node.violation() == null
                                ? null
                                : ViolationShapes.violation(node.violation()))
                .put("problem", node.problem())
                .put("why", Reasons.toJson(node.reason()))
                .build();
    }
}
