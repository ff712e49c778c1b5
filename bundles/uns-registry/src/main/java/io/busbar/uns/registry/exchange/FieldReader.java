package io.busbar.uns.registry.exchange;

import static io.busbar.uns.registry.exchange.LooseJson.bool;
import static io.busbar.uns.registry.exchange.LooseJson.constant;
import static io.busbar.uns.registry.exchange.LooseJson.decimal;
import static io.busbar.uns.registry.exchange.LooseJson.integer;
import static io.busbar.uns.registry.exchange.LooseJson.text;
import static io.busbar.uns.registry.exchange.LooseJson.texts;
import static io.busbar.uns.registry.exchange.LooseJson.unknownKeys;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fields of topics and templates in a namespace file. */
final class FieldReader {
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

    private FieldReader() {}

    /**
     * The fields of a list; none if it is absent or null.
     *
     * @param notKept is told what of them is not kept
     */
    static List<Field> fields(@Nullable JsonElement given, NotKept notKept) {
        List<Field> fields = new ArrayList<>();
        if (given == null || given.isJsonNull()) {
            return fields;
        }
        if (!given.isJsonArray()) {
            throw new RefusedException("fields: no array", Reason.Code.NO_LIST, "at", "fields");
        }
        int index = 0;
        for (JsonElement each : given.getAsJsonArray()) {
            String at = "fields[" + index + "]";
            try {
                if (!each.isJsonObject()) {
                    throw new RefusedException("no object", Reason.Code.NO_OBJECT);
                }
                fields.add(field(each.getAsJsonObject(), at + ".", notKept));
            } catch (RefusedException e) {
                throw new RefusedException(at + ": " + e.getMessage(), e.reason().inside(at));
            }
            index++;
        }
        return fields;
    }

    private static Field field(JsonObject json, String prefix, NotKept notKept) {
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
