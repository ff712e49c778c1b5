package io.busbar.json;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Function;

/**
 * Converts JSON to records and back, for the server's own documents. The components of a record are
 * the keys of a JSON object. Supported types are text, boolean, int, long, BigDecimal, Instant,
 * UUID, enumerations, records, lists of these, and maps from text to these. Lists and maps are
 * unmodifiable. Other types have to be added with the {@link Builder}.
 *
 * <p>Reading is strict. It refuses a key that is missing (unless {@link OptionalKey}), unknown or
 * repeated, a null, and a fraction where a whole number is expected. The error names the place. If
 * the record's constructor throws an {@link IllegalArgumentException}, the error names the place
 * too. {@link com.google.gson.annotations.SerializedName} gives a component another key.
 *
 * <p>Thread-safe. Create one mapper per kind of document and keep it.
 */
public final class JsonMapper {
    private final Gson gson;
    private final int maxDepth;
    private final int maxValues;

    private JsonMapper(Builder builder) {
        gson = builder.gson.create();
        maxDepth = builder.maxDepth;
        maxValues = builder.maxValues;
    }

    /** Creates a mapper for the supported types. */
    public static JsonMapper create() {
        return builder().build();
    }

    /** Returns a builder, for a mapper that supports further types. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads a document.
     *
     * @throws JsonException if the text is not JSON, or does not fit the type. The message shows no
     *     values except names of constants
     */
    public <T> T read(String text, Class<T> type) {
        TypeAdapter<T> adapter = gson.getAdapter(type);
        return StrictReader.readAll(text, maxDepth, maxValues, adapter::read);
    }

    /**
     * Writes a document in one line.
     *
     * @throws IllegalArgumentException if a component is null although its key is not optional
     */
    public String write(Object value) {
        StringWriter text = new StringWriter();
        try {
            JsonWriter writer = new JsonWriter(text);
            writer.setHtmlSafe(false);
            adapterOf(value).write(writer, value);
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString();
    }

    /** Returns the document as a JSON tree, e.g. to put it into another one. */
    public JsonElement toTree(Object value) {
        return adapterOf(value).toJsonTree(value);
    }

    @SuppressWarnings("unchecked") // The adapter of a value's own class takes the value.
    private TypeAdapter<Object> adapterOf(Object value) {
        return (TypeAdapter<Object>) gson.getAdapter(value.getClass());
    }

    /** Configures a mapper. Confined to one thread. */
    public static final class Builder {
        private final GsonBuilder gson = new GsonBuilder();
        private final RecordFactory records = new RecordFactory();
        private int maxDepth = Json.MAX_DEPTH;
        private int maxValues = Json.MAX_VALUES;

        private Builder() {
            // What a variant is written with: text stays as it is.
            gson.disableHtmlEscaping();
            // Gson asks the factory that came last first.
            gson.registerTypeAdapterFactory(new UnknownTypes());
            gson.registerTypeAdapterFactory(new StandardTypes());
            gson.registerTypeAdapterFactory(records);
        }

        /** Ignores unknown keys, which may come from a newer version. */
        public Builder tolerateUnknownKeys() {
            records.tolerateUnknownKeys();
            return this;
        }

        /** Sets the deepest nesting of objects and arrays; otherwise {@link Json#MAX_DEPTH}. */
        public Builder maxDepth(int levels) {
            maxDepth = levels;
            return this;
        }

        /** Reads documents with more values than {@link Json#MAX_VALUES}. */
        public Builder maxValues(int values) {
            maxValues = values;
            return this;
        }

        /**
         * Adds a type whose values are stored as text.
         *
         * @param read converts text to a value; throws IllegalArgumentException if it cannot
         * @param write converts a value to text
         */
        public <T> Builder text(
                Class<T> type, Function<String, T> read, Function<? super T, String> write) {
            gson.registerTypeAdapter(type, new TextAdapter<>("text", read, write));
            return this;
        }

        /**
         * Adds a sealed interface whose implementations are records. One key says which record an
         * object is.
         *
         * @param key the key that names the record; it is written first
         * @param variants the records by their names in JSON
         */
        public <T> Builder variants(
                Class<T> type, String key, Map<String, Class<? extends T>> variants) {
            gson.registerTypeAdapterFactory(new VariantsFactory<>(type, key, variants));
            return this;
        }

        public JsonMapper build() {
            return new JsonMapper(this);
        }
    }
}
