package io.busbar.json;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes a sealed interface whose implementations are records. The value of one key says
 * which record an object is.
 */
final class VariantsFactory<V> implements TypeAdapterFactory {
    private final Class<V> sealed;
    private final String key;
    private final Map<String, Class<? extends V>> variants;

    VariantsFactory(Class<V> sealed, String key, Map<String, Class<? extends V>> variants) {
        this.sealed = sealed;
        this.key = key;
        this.variants = Map.copyOf(variants);
    }

    @Override
    @SuppressWarnings("unchecked") // The type is the sealed interface.
    public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
        return type.getRawType() == sealed ? (TypeAdapter<T>) new Adapter(gson) : null;
    }

    private final class Adapter extends TypeAdapter<V> {
        private final Gson gson;
        private final Map<String, TypeAdapter<? extends V>> byName = new LinkedHashMap<>();
        private final Map<Class<?>, String> names = new HashMap<>();

        Adapter(Gson gson) {
            this.gson = gson;
            variants.forEach(
                    (name, record) -> {
                        byName.put(name, gson.getAdapter(record));
                        names.put(record, name);
                    });
        }

        @Override
        public V read(JsonReader in) throws IOException {
            StandardTypes.require(in, JsonToken.BEGIN_OBJECT, "an object");
            JsonObject json = Json.read(in).getAsJsonObject();
            JsonElement name = json.remove(key);
            if (name == null) {
                throw StrictReader.failureBefore(in, "\"" + key + "\" is missing");
            }
            String text = name.isJsonPrimitive() ? name.getAsString() : Json.kind(name);
            TypeAdapter<? extends V> adapter = byName.get(text);
            if (adapter == null) {
                throw StrictReader.failureBefore(
                        in, key + ": " + StandardTypes.notOneOf(text, byName).getMessage());
            }
            try {
                return adapter.fromJsonTree(json);
            } catch (JsonException e) {
                // The tree has forgotten where it stood in the text.
                throw StrictReader.failureBefore(
                        in, (e.path().isEmpty() ? "" : e.path() + ": ") + e.reason());
            }
        }

        @Override
        public void write(JsonWriter out, V value) throws IOException {
            String name = names.get(value.getClass());
            if (name == null) {
                throw new IllegalArgumentException(
                        value.getClass() + ": no variant (expected: " + names.keySet() + ")");
            }
            JsonObject json = new JsonObject();
            json.addProperty(key, name);
            tree(byName.get(name), value).asMap().forEach(json::add);
            gson.toJson(json, out);
        }

        @SuppressWarnings("unchecked") // The adapter was found by the value's class.
        private static <T> JsonObject tree(TypeAdapter<T> adapter, Object value) {
            return adapter.toJsonTree((T) value).getAsJsonObject();
        }
    }
}
