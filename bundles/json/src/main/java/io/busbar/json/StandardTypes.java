package io.busbar.json;

import com.google.gson.Gson;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The types that every mapper knows. Gson's own adapters take text for a number and the like. */
final class StandardTypes implements TypeAdapterFactory {
    private static final int SHOWN_CHARACTERS = 40;

    private static final Map<Class<?>, TypeAdapter<?>> SIMPLE =
            Map.of(
                    String.class,
                    new TextAdapter<>("text", text -> text, text -> text),
                    Instant.class,
                    new TextAdapter<>("a time", StandardTypes::instant, Instant::toString),
                    UUID.class,
                    new TextAdapter<>("a UUID", StandardTypes::uuid, UUID::toString),
                    BigDecimal.class,
                    new NumberAdapter<>("a number", number -> number),
                    int.class,
                    new NumberAdapter<>("a whole number", BigDecimal::intValueExact),
                    Integer.class,
                    new NumberAdapter<>("a whole number", BigDecimal::intValueExact),
                    long.class,
                    new NumberAdapter<>("a whole number", BigDecimal::longValueExact),
                    Long.class,
                    new NumberAdapter<>("a whole number", BigDecimal::longValueExact),
                    boolean.class,
                    new BooleanAdapter(),
                    Boolean.class,
                    new BooleanAdapter());

    /** A time that was read. */
    private record Timed(String text, Instant time) {}

    /** What was read last: documents that were made together carry the same time. */
    private static volatile Timed lastTime = new Timed("1970-01-01T00:00:00Z", Instant.EPOCH);

    @Override
    @SuppressWarnings("unchecked") // The adapter was chosen by the type.
    public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
        Class<? super T> raw = type.getRawType();
        TypeAdapter<?> adapter = SIMPLE.get(raw);
        if (adapter == null && raw.isEnum()) {
            adapter = constants(raw);
        } else if (raw == List.class) {
            adapter = new ListAdapter<>(gson.getAdapter(argument(type, 0)));
        } else if (raw == Map.class && argument(type, 0).getRawType() == String.class) {
            adapter = new MapAdapter<>(gson.getAdapter(argument(type, 1)));
        }
        return (TypeAdapter<T>) adapter;
    }

    private static TypeToken<?> argument(TypeToken<?> type, int index) {
        if (type.getType() instanceof ParameterizedType parameterized) {
            Type argument = parameterized.getActualTypeArguments()[index];
            return TypeToken.get(argument);
        }
        throw new IllegalArgumentException(type + ": without type argument");
    }

    private static TextAdapter<Object> constants(Class<?> type) {
        Map<String, Object> byName = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            byName.put(((Enum<?>) constant).name(), constant);
        }
        return new TextAdapter<>(
                String.join(", ", byName.keySet()),
                name -> {
                    Object constant = byName.get(name);
                    if (constant == null) {
                        throw notOneOf(name, byName);
                    }
                    return constant;
                },
                constant -> ((Enum<?>) constant).name());
    }

    /** Returns the exception for a name that is not one of the known ones. */
    static IllegalArgumentException notOneOf(String name, Map<String, ?> known) {
        String shown =
                name.length() <= SHOWN_CHARACTERS
                        ? name
                        : name.substring(0, SHOWN_CHARACTERS) + "…";
        return new IllegalArgumentException(
                "\""
                        + shown
                        + "\" (expected: "
                        + known.keySet().stream().collect(Collectors.joining(", "))
                        + ")");
    }

    private static Instant instant(String text) {
        Timed recent = lastTime;
        if (recent.text().equals(text)) {
            return recent.time();
        }
        try {
            Instant time = Instant.parse(text);
            lastTime = new Timed(text, time);
            return time;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "text (expected: a time such as 2027-01-31T12:00:00Z)", e);
        }
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("text (expected: a UUID)", e);
        }
    }

    /** Refuses a value of another kind. */
    static void require(JsonReader in, JsonToken token, String expected) throws IOException {
        JsonToken next = in.peek();
        if (next != token) {
            throw StrictReader.failure(in, Json.kind(next) + " (expected: " + expected + ")");
        }
    }

    /** Numbers, none of whose digits gets lost. */
    private static final class NumberAdapter<T extends Number> extends TypeAdapter<T> {
        private final String expected;
        private final Function<BigDecimal, T> exact;

        NumberAdapter(String expected, Function<BigDecimal, T> exact) {
            this.expected = expected;
            this.exact = exact;
        }

        @Override
        public T read(JsonReader in) throws IOException {
            require(in, JsonToken.NUMBER, expected);
            BigDecimal number = Json.number(in);
            try {
                return exact.apply(number);
            } catch (ArithmeticException e) {
                throw StrictReader.failureBefore(in, number + " (expected: " + expected + ")");
            }
        }

        @Override
        public void write(JsonWriter out, T value) throws IOException {
            out.value(value);
        }
    }

    private static final class BooleanAdapter extends TypeAdapter<Boolean> {
        @Override
        public Boolean read(JsonReader in) throws IOException {
            require(in, JsonToken.BOOLEAN, "true or false");
            return in.nextBoolean();
        }

        @Override
        public void write(JsonWriter out, Boolean value) throws IOException {
            out.value(value);
        }
    }

    private static final class ListAdapter<E> extends TypeAdapter<List<E>> {
        private final TypeAdapter<E> items;

        ListAdapter(TypeAdapter<E> items) {
            this.items = items;
        }

        @Override
        public List<E> read(JsonReader in) throws IOException {
            require(in, JsonToken.BEGIN_ARRAY, "a list");
            List<E> list = new ArrayList<>();
            in.beginArray();
            while (in.hasNext()) {
                list.add(items.read(in));
            }
            in.endArray();
            return List.copyOf(list);
        }

        @Override
        public void write(JsonWriter out, List<E> list) throws IOException {
            out.beginArray();
            for (E item : list) {
                items.write(out, item);
            }
            out.endArray();
        }
    }

    private static final class MapAdapter<V> extends TypeAdapter<Map<String, V>> {
        private final TypeAdapter<V> values;

        MapAdapter(TypeAdapter<V> values) {
            this.values = values;
        }

        @Override
        public Map<String, V> read(JsonReader in) throws IOException {
            require(in, JsonToken.BEGIN_OBJECT, "an object");
            Map<String, V> map = new LinkedHashMap<>();
            in.beginObject();
            while (in.hasNext()) {
                String name = StrictReader.wellFormed(in, in.nextName());
                if (map.containsKey(name)) {
                    throw StrictReader.failure(in, Json.twice(name));
                }
                map.put(name, values.read(in));
            }
            in.endObject();
            return Collections.unmodifiableMap(map);
        }

        @Override
        public void write(JsonWriter out, Map<String, V> map) throws IOException {
            out.beginObject();
            for (Map.Entry<String, V> entry : map.entrySet()) {
                out.name(entry.getKey());
                values.write(out, entry.getValue());
            }
            out.endObject();
        }
    }
}
