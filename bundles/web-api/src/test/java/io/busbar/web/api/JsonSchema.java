package io.busbar.web.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.busbar.web.api.endpoint.OpenApiEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Holds answers against the API document: types, required keys, enumerations, and no key that is
 * not described.
 */
final class JsonSchema {
    static final JsonObject DOCUMENT =
            JsonParser.parseString(OpenApiEndpoint.document()).getAsJsonObject();

    private JsonSchema() {}

    /** What is wrong with a value that should be of the named schema; empty if nothing. */
    static List<String> problems(String schema, JsonElement value) {
        List<String> problems = new ArrayList<>();
        check(component(schema), value, schema, problems);
        return problems;
    }

    /** What is wrong with the answer of an operation. */
    static List<String> problems(String method, String path, int status, JsonElement value) {
        JsonObject responses =
                DOCUMENT.getAsJsonObject("paths")
                        .getAsJsonObject(path)
                        .getAsJsonObject(method.toLowerCase(java.util.Locale.ROOT))
                        .getAsJsonObject("responses");
        JsonObject response = responses.getAsJsonObject(Integer.toString(status));
        if (response == null) {
            return List.of(method + " " + path + " does not describe status " + status);
        }
        List<String> problems = new ArrayList<>();
        check(
                response.getAsJsonObject("content")
                        .getAsJsonObject("application/json")
                        .getAsJsonObject("schema"),
                value,
                method + " " + path,
                problems);
        return problems;
    }

    private static JsonObject component(String name) {
        return DOCUMENT.getAsJsonObject("components")
                .getAsJsonObject("schemas")
                .getAsJsonObject(name);
    }

    private static void check(
            JsonObject schema, JsonElement value, String where, List<String> problems) {
        if (schema.has("$ref")) {
            String ref = schema.get("$ref").getAsString();
            check(component(ref.substring(ref.lastIndexOf('/') + 1)), value, where, problems);
            return;
        }
        if (schema.has("oneOf")) {
            int fits = 0;
            for (JsonElement option : schema.getAsJsonArray("oneOf")) {
                List<String> mine = new ArrayList<>();
                check(option.getAsJsonObject(), value, where, mine);
                fits += mine.isEmpty() ? 1 : 0;
            }
            if (fits != 1) {
                problems.add(where + ": " + value + " fits " + fits + " of " + schema.get("oneOf"));
            }
            return;
        }
        if (schema.has("enum") && !schema.getAsJsonArray("enum").contains(value)) {
            problems.add(where + ": " + value + " is none of " + schema.get("enum"));
        }
        if (schema.has("type") && !typeFits(schema.get("type"), value)) {
            problems.add(where + ": " + value + " is no " + schema.get("type"));
            return;
        }
        if (value.isJsonObject() && schema.has("properties")) {
            checkObject(schema, value.getAsJsonObject(), where, problems);
        } else if (value.isJsonArray() && schema.has("items")) {
            for (int i = 0; i < value.getAsJsonArray().size(); i++) {
                check(
                        schema.getAsJsonObject("items"),
                        value.getAsJsonArray().get(i),
                        where + "[" + i + "]",
                        problems);
            }
        }
    }

    private static void checkObject(
            JsonObject schema, JsonObject value, String where, List<String> problems) {
        if (schema.has("required")) {
            for (JsonElement key : schema.getAsJsonArray("required")) {
                if (!value.has(key.getAsString())) {
                    problems.add(where + ": " + key.getAsString() + " is missing");
                }
            }
        }
        JsonObject properties = schema.getAsJsonObject("properties");
        for (Map.Entry<String, JsonElement> entry : value.entrySet()) {
            if (properties.has(entry.getKey())) {
                check(
                        properties.getAsJsonObject(entry.getKey()),
                        entry.getValue(),
                        where + "." + entry.getKey(),
                        problems);
            } else {
                problems.add(where + ": " + entry.getKey() + " is not described");
            }
        }
    }

    private static boolean typeFits(JsonElement type, JsonElement value) {
        if (type.isJsonArray()) {
            JsonArray types = type.getAsJsonArray();
            for (JsonElement one : types) {
                if (typeFits(one, value)) {
                    return true;
                }
            }
            return false;
        }
        return switch (type.getAsString()) {
            case "null" -> value.isJsonNull();
            case "object" -> value.isJsonObject();
            case "array" -> value.isJsonArray();
            case "string" -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
            case "boolean" -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean();
            case "number" -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
            case "integer" ->
                    value.isJsonPrimitive()
                            && value.getAsJsonPrimitive().isNumber()
                            && value.getAsDouble() == Math.rint(value.getAsDouble());
            default -> false;
        };
    }
}
