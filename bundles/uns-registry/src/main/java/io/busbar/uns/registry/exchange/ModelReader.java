package io.busbar.uns.registry.exchange;

import static io.busbar.uns.registry.exchange.LooseJson.bool;
import static io.busbar.uns.registry.exchange.LooseJson.constant;
import static io.busbar.uns.registry.exchange.LooseJson.decimal;
import static io.busbar.uns.registry.exchange.LooseJson.integer;
import static io.busbar.uns.registry.exchange.LooseJson.text;
import static io.busbar.uns.registry.exchange.LooseJson.texts;
import static io.busbar.uns.registry.exchange.LooseJson.unknownKeys;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.uns.registry.payload.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the models of a namespace file: the fields of its topics, and its templates, whose fields a
 * topic without own ones gets. Confined to one thread.
 */
final class ModelReader {
    private static final Set<String> FIELD_KEYS =
            Set.of(
                    "name",
                    "type",
                    "required",
                    "nullable",
                    "unit",
                    "min",
                    "max",
                    "decimals",
                    "decimal",
                    "maxLength",
                    "maxLen",
                    "enum",
                    "pattern",
                    "displayName",
                    "description",
                    "remark",
                    "coerce",
                    "source");

    /** What Tier0 says of a field and Busbar does not keep. */
    private static final Set<String> FIELD_KEYS_NOT_KEPT =
            Set.of(
                    "index",
                    "unique",
                    "systemField",
                    "isSystem",
                    "tbValueName",
                    "lowerLimit",
                    "upperLimit");

    private final NotKept notKept;
    private final Map<String, Template> templates = new LinkedHashMap<>();

    /** A template of the document, and whether a topic has named it. */
    private static final class Template {
        private final String name;
        private final String pointer;
        private final JsonArray fields;
        private boolean used;

        Template(String name, String pointer, JsonArray fields) {
            this.name = name;
            this.pointer = pointer;
            this.fields = fields;
        }
    }

    /** Knows no templates. */
    ModelReader(NotKept notKept) {
        this.notKept = notKept;
    }

    /**
     * Knows a template from now on, by its name and its alias; what has neither name nor fields is
     * passed over.
     *
     * @param pointer where it is
     */
    void template(JsonElement json, String pointer) {
        if (json.isJsonObject()
                && json.getAsJsonObject().get("fields") instanceof JsonArray fields) {
            Template template = null;
            for (String key : List.of("name", "alias")) {
                if (json.getAsJsonObject().get(key) instanceof JsonPrimitive name) {
                    String text = name.getAsString();
                    template = template == null ? new Template(text, pointer, fields) : template;
                    templates.put(text, template);
                }
            }
        }
    }

    /** Notes the templates that no topic has named. */
    void noteUnused() {
        for (Template each : templates.values()) {
            if (!each.used) {
                each.used = true; // It may be there a second time, by its alias.
                notKept.note(
                        each.pointer,
                        "",
                        0,
                        "not kept: template '" + JsonText.clip(each.name) + "', which no topic has",
                        Reason.of(
                                Reason.Code.TEMPLATE_NOT_KEPT, "found", JsonText.clip(each.name)));
            }
        }
    }

    /** Whether a topic needs a template that is not known. */
    boolean lacksTemplate(JsonObject json) {
        String template = hasFields(json) ? null : templateName(json);
        return template != null && !templates.containsKey(template);
    }

    private static boolean hasFields(JsonObject json) {
        JsonElement fields = json.get("fields");
        return fields != null
                && !fields.isJsonNull()
                && !(fields instanceof JsonArray array && array.isEmpty());
    }

    /** What a topic calls its template: name or alias; null if it has none, or one of its own. */
    private static @Nullable String templateName(JsonObject json) {
        if (json.get("template") instanceof JsonObject) {
            return null;
        }
        String name = text(json, "template");
        String alias = name == null || name.isEmpty() ? text(json, "templateAlias") : name;
        return alias == null || alias.isEmpty() ? null : alias;
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
        JsonElement given = fieldsOf(json);
        List<Field> fields = new ArrayList<>();
        if (given != null && !given.isJsonNull()) {
            if (!given.isJsonArray()) {
                throw new RefusedException("fields: no array", Reason.Code.NO_LIST, "at", "fields");
            }
            int index = 0;
            for (JsonElement each : given.getAsJsonArray()) {
                try {
                    if (!each.isJsonObject()) {
                        throw new RefusedException("no object", Reason.Code.NO_OBJECT);
                    }
                    fields.add(field(each.getAsJsonObject(), "fields[" + index + "]."));
                } catch (RefusedException e) {
                    String at = "fields[" + index + "]";
                    throw new RefusedException(at + ": " + e.getMessage(), e.reason().inside(at));
                }
                index++;
            }
        }
        return new Model(
                fields,
                constant(
                        UnknownFields.class,
                        json,
                        "unknownFields",
                        defaultUnknownFields(fields, topicType)),
                text(json, "quality"));
    }

    /** The topic's own fields, else those of its template. */
    private @Nullable JsonElement fieldsOf(JsonObject json) {
        JsonElement own = json.get("fields");
        String name = templateName(json);
        Template known = name == null ? null : templates.get(name);
        if (known != null) {
            known.used = true;
        }
        if (hasFields(json)) {
            if (name != null || json.get("template") instanceof JsonObject) {
                notKept.add("its template, because it has fields of its own", "template");
            }
            return own;
        }
        if (json.get("template") instanceof JsonObject inside) {
            notKept.add("its template, but the fields of it", "template");
            return inside.get("fields");
        }
        if (name == null) {
            return own;
        }
        if (known == null) {
            throw new RefusedException(
                    "template: '"
                            + JsonText.clip(name)
                            + "' (expected: the name or alias of one in Template or templates)",
                    Reason.Code.NO_TEMPLATE,
                    "at",
                    "template",
                    "found",
                    JsonText.clip(name));
        }
        notKept.add(
                "template '" + JsonText.clip(name) + "', but the fields of it",
                "template \"" + JsonText.clip(name) + "\"");
        return known.fields;
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

    private Field field(JsonObject json, String prefix) {
        unknownKeys(json, FIELD_KEYS, FIELD_KEYS_NOT_KEPT);
        notKept.add(prefix, json, FIELD_KEYS_NOT_KEPT);
        String name = text(json, "name");
        String type = text(json, "type");
        if (name == null || type == null) {
            String key = name == null ? "name" : "type";
            throw new RefusedException(key + ": missing", Reason.Code.MISSING, "at", key);
        }
        Integer decimals = integer(json, "decimals");
        Integer maxLength = integer(json, "maxLength");
        String description = text(json, "description");
        FieldType fieldType = fieldType(type);
        if (fieldType != FieldType.STRING) {
            notKept.add(prefix, json, Set.of("maxLen"));
        }
        return new Field(
                name,
                fieldType,
                bool(json, "required", false),
                bool(json, "nullable", false),
                text(json, "unit"),
                decimal(json, "min"),
                decimal(json, "max"),
                decimals == null ? integer(json, "decimal") : decimals,
                maxLength == null && fieldType == FieldType.STRING
                        ? integer(json, "maxLen")
                        : maxLength,
                texts(json, "enum"),
                text(json, "pattern"),
                text(json, "displayName"),
                description == null ? text(json, "remark") : description,
                bool(json, "coerce", false),
                text(json, "source"));
    }

    private static FieldType fieldType(String type) {
        return switch (type.toUpperCase(Locale.ROOT)) {
            case "INT" -> FieldType.INTEGER;
            case "BOOL" -> FieldType.BOOLEAN;
            default -> constant(FieldType.class, type, "type");
        };
    }
}
