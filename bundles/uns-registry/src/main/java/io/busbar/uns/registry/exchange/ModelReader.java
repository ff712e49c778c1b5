package io.busbar.uns.registry.exchange;

import static io.busbar.uns.registry.exchange.LooseJson.constant;
import static io.busbar.uns.registry.exchange.LooseJson.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the models of the topics in a namespace file: their own fields, and which version of which
 * template they pin. Confined to one thread.
 */
final class ModelReader {
    private final NotKept notKept;
    private final TemplateReader templates;

    /**
     * Reads models.
     *
     * @param templates knows the templates of the document
     */
    ModelReader(NotKept notKept, TemplateReader templates) {
        this.notKept = notKept;
        this.templates = templates;
    }

    /** The model of a path: none. */
    static Model noModel(JsonObject json) {
        if (json.get("fields") instanceof JsonArray fields && !fields.isEmpty()) {
            throw new RefusedException(
                    "fields: " + fields.size() + " on a PATH (expected: only a TOPIC has fields)",
                    Reason.Code.ONLY_TOPICS,
                    "at",
                    "fields");
        }
        return Model.ANY;
    }

    /** The model of a topic. */
    Model model(JsonObject json, @Nullable TopicType topicType) {
        List<Field> own = FieldReader.fields(json.get("fields"), notKept);
        String version = text(json, "templateVersion");
        if (version == null && !own.isEmpty() && !templates.knows(json)) {
            return withoutTemplate(json, topicType, own);
        }
        TemplateReader.Named template = templates.named(json);
        if (template == null) {
            if (version != null) {
                throw new RefusedException(
                        "template: missing (expected: whose version templateVersion is)",
                        Reason.Code.MISSING,
                        "at",
                        "template");
            }
            return own(json, topicType, fieldsInside(json, own));
        }
        if (version == null && !covers(own, template)) {
            return withoutTemplate(json, topicType, own);
        }
        SemanticVersion number = version == null ? template.version() : SemanticVersion.of(version);
        UnknownFields unknown =
                constant(
                        UnknownFields.class,
                        json,
                        "unknownFields",
                        template.saysUnknownFields()
                                ? null
                                : defaultUnknownFields(template.fields(), topicType));
        return template.template().pin(number, own, unknown, text(json, "quality"));
    }

    private Model withoutTemplate(
            JsonObject json, @Nullable TopicType topicType, List<Field> fields) {
        notKept.add("its template, because it has fields of its own", "template");
        return own(json, topicType, fields);
    }

    private static Model own(JsonObject json, @Nullable TopicType topicType, List<Field> fields) {
        return new Model(
                fields,
                constant(
                        UnknownFields.class,
                        json,
                        "unknownFields",
                        defaultUnknownFields(fields, topicType)),
                text(json, "quality"));
    }

    /** The topic's own fields, else those of a template inside of it that has no name. */
    private List<Field> fieldsInside(JsonObject json, List<Field> own) {
        if (!(json.get("template") instanceof JsonObject inside)) {
            return own;
        }
        if (own.isEmpty()) {
            notKept.add("its template, but the fields of it", "template");
            return FieldReader.fields(inside.get("fields"), notKept);
        }
        notKept.add("its template, because it has fields of its own", "template");
        return own;
    }

    /**
     * Whether a topic that names no version of its template may have all of its fields, because it
     * says nothing else of them: other tools write the fields of a template into its topics, too.
     */
    private static boolean covers(List<Field> own, TemplateReader.Named template) {
        if (own.isEmpty()) {
            return true;
        }
        Set<String> names = own.stream().map(Field::name).collect(Collectors.toSet());
        if (!template.fields().stream().allMatch(each -> names.contains(each.name()))) {
            return false;
        }
        try {
            template.template().pin(template.version(), own, null, null);
            return true;
        } catch (RefusedException other) {
            return false;
        }
    }

    /**
     * Metrics have just their fields; states and actions are documents that often carry more, as
     * lists.
     */
    private static UnknownFields defaultUnknownFields(
            List<Field> fields, @Nullable TopicType topicType) {
        return topicType == TopicType.METRIC && !fields.isEmpty()
                ? UnknownFields.WARN
                : UnknownFields.ALLOW;
    }
}
