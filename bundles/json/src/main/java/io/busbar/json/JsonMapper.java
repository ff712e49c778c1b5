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
 * Binds JSON to records: a document of ours is a record, and its components are the keys. Knows
 * text, true and false, int, long, BigDecimal, Instant, UUID, enumerations, records, lists of these
 * and maps from text to these; lists and maps come unmodifiable. Everything else is told to the
 * {@link Builder}.
 *
 * <p>Strict: a key that is missing (see {@link OptionalKey}), unknown or there twice, null, a
 * fraction where a whole number is expected: all are refused with the place. If the record's
 * constructor refuses a value with an {@link IllegalArgumentException}, that is told with the place
 * too. {@link com.google.gson.annotations.SerializedName} gives a component another key.
 *
 * <p>Thread-safe; make one per kind of document and keep it.
 */
public final class JsonMapper {
    private final Gson gson;
    private final int maxDepth;

    private JsonMapper(Builder builder) {
        gson = builder.gson.create();
        maxDepth = builder.maxDepth;
    }

    /** A mapper for records of the types it knows by itself. */
    public static JsonMapper create() {
        return builder().build();
    }

    /** Begins a mapper that knows more. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads a document.
     *
     * @throws JsonException if the text is no JSON, or not of this type; nothing of the values is
     *     in the message but the names of constants
     */
    public <T> T read(String text, Class<T> type) {
        TypeAdapter<T> adapter = gson.getAdapter(type);
        return StrictReader.readAll(text, maxDepth, adapter::read);
    }

    /**
     * Writes a document in one line.
     *
     * @throws IllegalArgumentException if a component is null whose key is not optional
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

    /** The document as a tree, to be put into another one. */
    public JsonElement toTree(Object value) {
        return adapterOf(value).toJsonTree(value);
    }

    @SuppressWarnings("unchecked") // The adapter of a value's own class takes the value.
    private TypeAdapter<Object> adapterOf(Object value) {
        return (TypeAdapter<Object>) gson.getAdapter(value.getClass());
    }

    /** Says what a mapper knows beyond the usual types. */
    public static final class Builder {
        private final GsonBuilder gson = new GsonBuilder();
        private final RecordFactory records = new RecordFactory();
        private int maxDepth = Json.MAX_DEPTH;

        private Builder() {
            // What a variant is written with: text stays as it is.
            gson.disableHtmlEscaping();
            // Gson asks the factory that came last first.
            gson.registerTypeAdapterFactory(new UnknownTypes());
            gson.registerTypeAdapterFactory(new StandardTypes());
            gson.registerTypeAdapterFactory(records);
        }

        /** Passes over keys that no component has: they may come from a newer version. */
        public Builder tolerateUnknownKeys() {
            records.tolerateUnknownKeys();
            return this;
        }

        /** Reads documents that are nested deeper than {@link Json#MAX_DEPTH}. */
        public Builder maxDepth(int levels) {
            maxDepth = levels;
            return this;
        }

        /**
         * Keeps values of a type as text.
         *
         * @param read throws IllegalArgumentException if the text is not one
         */
        public <T> Builder text(
                Class<T> type, Function<String, T> read, Function<? super T, String> write) {
            gson.registerTypeAdapter(type, new TextAdapter<>("text", read, write));
            return this;
        }

        /**
         * Reads and writes a sealed interface of records: a key says which record it is.
         *
         * @param key the key that names the record, written first
         * @param variants the records by name
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
