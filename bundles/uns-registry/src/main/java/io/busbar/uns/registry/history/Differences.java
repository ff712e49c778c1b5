package io.busbar.uns.registry.history;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.api.uns.NodeDifference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;

/** What differs between two versions of a node, key by key; of a model, field by field. */
final class Differences {
    private static final String FIELDS = "fields";

    private Differences() {}

    /** The differences in the order of the keys. */
    static List<NodeDifference> between(JsonObject before, JsonObject after) {
        Map<String, String> old = flat(before);
        Map<String, String> now = flat(after);
        Set<String> keys = new LinkedHashSet<>(old.keySet());
        keys.addAll(now.keySet());
        List<NodeDifference> found = new ArrayList<>();
        for (String key : keys) {
            if (!Objects.equals(old.get(key), now.get(key))) {
                found.add(new NodeDifference(key, old.get(key), now.get(key)));
            }
        }
        if (found.isEmpty()) {
            String was = names(before);
            String is = names(after);
            if (!was.equals(is)) {
                found.add(new NodeDifference(FIELDS, was, is)); // Only their order.
            }
        }
        return found;
    }

    private static Map<String, String> flat(JsonObject object) {
        Map<String, String> into = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> each : object.entrySet()) {
            if (each.getKey().equals(FIELDS) && each.getValue().isJsonArray()) {
                for (JsonElement field : each.getValue().getAsJsonArray()) {
                    field(field.getAsJsonObject(), into);
                }
            } else {
                put(each.getKey(), each.getValue(), into);
            }
        }
        return into;
    }

    private static void field(JsonObject field, Map<String, String> into) {
        String prefix = FIELDS + "." + nameOf(field);
        for (Map.Entry<String, JsonElement> each : field.entrySet()) {
            if (!each.getKey().equals("name")) {
                put(prefix + "." + each.getKey(), each.getValue(), into);
            }
        }
    }

    private static void put(String key, JsonElement value, Map<String, String> into) {
        if (value.isJsonObject()) {
            value.getAsJsonObject()
                    .entrySet()
                    .forEach(each -> put(key + "." + each.getKey(), each.getValue(), into));
        } else if (value.isJsonArray()) {
            JsonArray items = value.getAsJsonArray();
            if (!items.isEmpty()) {
                StringJoiner text = new StringJoiner(", ");
                items.forEach(item -> text.add(text(item)));
                into.put(key, text.toString());
            }
        } else if (!value.isJsonNull()) {
            into.put(key, text(value));
        }
    }

    private static String text(JsonElement value) {
        return value.isJsonPrimitive() ? value.getAsString() : value.toString();
    }

    private static String names(JsonObject object) {
        StringJoiner names = new StringJoiner(", ");
        if (object.get(FIELDS) instanceof JsonArray fields) {
            fields.forEach(field -> names.add(nameOf(field.getAsJsonObject())));
        }
        return names.toString();
    }

    private static String nameOf(JsonObject field) {
        return field.get("name").getAsString();
    }
}
