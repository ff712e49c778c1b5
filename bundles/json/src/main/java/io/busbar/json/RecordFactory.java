package io.busbar.json;

import com.google.gson.Gson;
import com.google.gson.JsonPrimitive;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.annotations.SerializedName;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records by their components; see {@link JsonMapper} for the rules. */
final class RecordFactory implements TypeAdapterFactory {
    private boolean tolerant;

    /** To be called before the first record is read. */
    void tolerateUnknownKeys() {
        tolerant = true;
    }

    @Override
    public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
        return type.getRawType().isRecord() ? new Adapter<>(gson, type, tolerant) : null;
    }

    /**
     * One key.
     *
     * @param missing what stands for a missing key; only if it is optional
     */
    private record Key(
            int index,
            String name,
            Method accessor,
            TypeAdapter<Object> adapter,
            boolean optional,
            @Nullable Object missing) {}

    private static final class Adapter<T> extends TypeAdapter<T> {
        private final Map<String, Key> keys = new LinkedHashMap<>();
        private final Constructor<? super T> constructor;
        private final boolean tolerant;

        Adapter(Gson gson, TypeToken<T> type, boolean tolerant) {
            this.tolerant = tolerant;
            Class<? super T> raw = type.getRawType();
            RecordComponent[] components = raw.getRecordComponents();
            for (int i = 0; i < components.length; i++) {
                Key key = key(gson, components[i], i);
                if (keys.put(key.name, key) != null) {
                    throw new IllegalArgumentException(raw + ": two keys \"" + key.name + "\"");
                }
            }
            try {
                constructor =
                        raw.getDeclaredConstructor(
                                Arrays.stream(components)
                                        .map(RecordComponent::getType)
                                        .toArray(Class<?>[]::new));
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException("every record has this constructor", e);
            }
            constructor.setAccessible(true);
        }

        @SuppressWarnings("unchecked") // The adapter is that of the component's type.
        private static Key key(Gson gson, RecordComponent component, int index) {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            SerializedName name = accessor.getAnnotation(SerializedName.class);
            if (UnknownTypes.isOpen(component.getType())) {
                throw UnknownTypes.refusal(component.getType());
            }
            OptionalKey optional = component.getAnnotation(OptionalKey.class);
            TypeAdapter<Object> adapter =
                    (TypeAdapter<Object>)
                            gson.getAdapter(TypeToken.get(component.getGenericType()));
            return new Key(
                    index,
                    name == null ? component.getName() : name.value(),
                    accessor,
                    adapter,
                    optional != null,
                    optional == null
                            ? null
                            : missing(component.getType(), optional.value(), adapter));
        }

        private static @Nullable Object missing(
                Class<?> type, String text, TypeAdapter<Object> adapter) {
            if (!text.isEmpty()) {
                boolean bare =
                        type.isPrimitive()
                                || type == Boolean.class
                                || Number.class.isAssignableFrom(type);
                return adapter.fromJsonTree(bare ? Json.parse(text) : new JsonPrimitive(text));
            } else if (type == boolean.class) {
                return false;
            } else if (type == int.class) {
                return 0;
            } else if (type == long.class) {
                return 0L;
            } else if (type == List.class) {
                return List.of();
            }
            return type == Map.class ? Map.of() : null;
        }

        @Override
        public T read(JsonReader in) throws IOException {
            StandardTypes.require(in, JsonToken.BEGIN_OBJECT, "an object");
            Object[] values = new Object[keys.size()];
            boolean[] there = new boolean[values.length];
            in.beginObject();
            while (in.hasNext()) {
                String name = in.nextName();
                Key key = keys.get(name);
                if (key == null) {
                    unknown(in, name);
                } else if (there[key.index]) {
                    throw StrictReader.failure(in, Json.twice(name));
                } else {
                    there[key.index] = true;
                    values[key.index] = value(in, key);
                }
            }
            in.endObject();
            for (Key key : keys.values()) {
                if (!there[key.index]) {
                    if (!key.optional) {
                        throw StrictReader.failureBefore(in, "\"" + key.name + "\" is missing");
                    }
                    values[key.index] = key.missing;
                }
            }
            return construct(in, values);
        }

        private void unknown(JsonReader in, String name) throws IOException {
            if (!tolerant) {
                throw StrictReader.failure(
                        in,
                        "unknown key \""
                                + name
                                + "\" (expected: "
                                + String.join(", ", keys.keySet())
                                + ")");
            }
            in.skipValue();
        }

        private static @Nullable Object value(JsonReader in, Key key) throws IOException {
            if (key.optional && in.peek() == JsonToken.NULL) {
                in.nextNull();
                return key.missing;
            }
            return key.adapter.read(in);
        }

        @SuppressWarnings("unchecked") // The constructor is that of T.
        private T construct(JsonReader in, @Nullable Object[] values) {
            try {
                return (T) constructor.newInstance(values);
            } catch (InvocationTargetException e) {
                Throwable cause = e.getCause();
                if (cause instanceof IllegalArgumentException) {
                    throw StrictReader.failureBefore(in, String.valueOf(cause.getMessage()));
                }
                throw cause instanceof RuntimeException failure
                        ? failure
                        : new IllegalStateException("a record cannot be made", e);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a record cannot be made", e);
            }
        }

        @Override
        public void write(JsonWriter out, T value) throws IOException {
            out.beginObject();
            for (Key key : keys.values()) {
                Object component = component(key, value);
                if (key.optional && (component == null || component.equals(key.missing))) {
                    continue;
                }
                if (component == null) {
                    throw new IllegalArgumentException(
                            key.name
                                    + ": null (expected: a value, because the key is not"
                                    + " optional)");
                }
                out.name(key.name);
                key.adapter.write(out, component);
            }
            out.endObject();
        }

        private static @Nullable Object component(Key key, Object value) {
            try {
                return key.accessor.invoke(value);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(key.name + ": cannot be read", e);
            }
        }
    }
}
