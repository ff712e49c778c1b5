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
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.uns.registry.payload.JsonText;
import java.util.ArrayList;
import java.util.HashMap;
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
                    "coerce");
    private static final Set<String> FIELD_KEYS_PASSED_OVER =
            Set.of(
                    "index",
                    "unique",
                    "systemField",
                    "isSystem",
                    "tbValueName",
                    "lowerLimit",
                    "upperLimit");

    private final Map<String, JsonArray> templates = new HashMap<>();

    /** Knows a template from now on; what has neither name nor fields is passed over. */
    void template(JsonElement json) {
        if (json.isJsonObject()
                && json.getAsJsonObject().get("fields") instanceof JsonArray fields) {
            for (String key : List.of("name", "alias")) {
                if (json.getAsJsonObject().get(key) instanceof JsonPrimitive name) {
                    templates.put(name.getAsString(), fields);
                }
            }
        }
    }

    boolean knows(String template) {
        return templates.containsKey(template);
    }

    /** The model of a path: none. */
    static Model noModel(JsonObject json) {
        if (json.get("fields") instanceof JsonArray fields && !fields.isEmpty()) {
            throw new IllegalArgumentException(
                    "fields: " + fields.size() + " on a PATH (expected: only a TOPIC has fields)");
        }
        return Model.ANY;
    }

    /** The model of a topic. */
    Model model(JsonObject json, @Nullable TopicType topicType) {
        JsonElement given = json.get("fields");
        String template = text(json, "template");
        if (given == null && template != null) {
            given = templates.get(template);
            if (given == null) {
                throw new IllegalArgumentException(
                        "template: '"
                                + JsonText.clip(template)
                                + "' (expected: the name of one in Template)");
            }
        }
        List<Field> fields = new ArrayList<>();
        if (given != null && !given.isJsonNull()) {
            if (!given.isJsonArray()) {
                throw new IllegalArgumentException("fields: no array");
            }
            int index = 0;
            for (JsonElement each : given.getAsJsonArray()) {
                try {
                    if (!each.isJsonObject()) {
                        throw new IllegalArgumentException("no object");
                    }
                    fields.add(field(each.getAsJsonObject()));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "fields[" + index + "]: " + e.getMessage(), e);
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
                        defaultUnknownFields(fields, topicType)));
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

    private static Field field(JsonObject json) {
        unknownKeys(json, FIELD_KEYS, FIELD_KEYS_PASSED_OVER);
        String name = text(json, "name");
        String type = text(json, "type");
        if (name == null || type == null) {
            throw new IllegalArgumentException((name == null ? "name" : "type") + ": missing");
        }
        Integer decimals = integer(json, "decimals");
        Integer maxLength = integer(json, "maxLength");
        String description = text(json, "description");
        FieldType fieldType = fieldType(type);
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
                bool(json, "coerce", false));
    }

    private static FieldType fieldType(String type) {
        return switch (type.toUpperCase(Locale.ROOT)) {
            case "INT" -> FieldType.INTEGER;
            case "BOOL" -> FieldType.BOOLEAN;
            default -> constant(FieldType.class, type, "type");
        };
    }
}
