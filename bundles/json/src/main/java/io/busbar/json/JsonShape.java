package io.busbar.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds a JSON object, key by key, in the order of the calls. A Java null becomes a JSON null.
 * Confined to one thread.
 */
public final class JsonShape {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final JsonObject json = new JsonObject();

    /** Formats a time as the web API writes it: RFC 3339 in UTC with milliseconds. */
    public static String time(Instant time) {
        return TIME.format(time);
    }

    /** Creates an array; the function converts each item. */
    public static <T> JsonArray array(
            Collection<? extends T> items, Function<T, JsonElement> toJson) {
        JsonArray array = new JsonArray(items.size());
        for (T item : items) {
            array.add(toJson.apply(item));
        }
        return array;
    }

    /** Creates an object whose values are texts. */
    public static JsonObject textMap(Map<String, String> texts) {
        JsonShape shape = new JsonShape();
        texts.forEach(shape::put);
        return shape.build();
    }

    /** Creates an array of texts. */
    public static JsonArray texts(Collection<String> items) {
        return array(items, JsonPrimitive::new);
    }

    public JsonShape put(String key, @Nullable String value) {
        return put(key, value == null ? JsonNull.INSTANCE : new JsonPrimitive(value));
    }

    public JsonShape put(String key, @Nullable Number value) {
        return put(key, value == null ? JsonNull.INSTANCE : new JsonPrimitive(value));
    }

    public JsonShape put(String key, boolean value) {
        return put(key, new JsonPrimitive(value));
    }

    public JsonShape put(String key, @Nullable Instant value) {
        return put(key, value == null ? JsonNull.INSTANCE : new JsonPrimitive(time(value)));
    }

    public JsonShape put(String key, @Nullable Enum<?> value) {
        return put(key, value == null ? JsonNull.INSTANCE : new JsonPrimitive(value.name()));
    }

    public JsonShape put(String key, @Nullable JsonElement value) {
        json.add(key, value == null ? JsonNull.INSTANCE : value);
        return this;
    }

    public JsonObject build() {
        return json;
    }
}
