package io.busbar.json;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;

/**
 * Reads and writes JSON text. Accepts exactly what RFC 8259 describes: no comments, no NaN, no
 * repeated name in an object, no unpaired surrogates, nothing after the value. Nesting and the
 * number of values are limited. Numbers keep all their digits. Thread-safe.
 */
public final class Json {
    /** Deepest nesting of objects and arrays, unless the caller chooses another. */
    public static final int MAX_DEPTH = 64;

    /** Most values in one text, nested ones included, unless the caller chooses another limit. */
    public static final int MAX_VALUES = 100_000;

    private static final Gson COMPACT =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    private static final Gson PRETTY =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private Json() {}

    /**
     * Reads one JSON value, nested at most {@link #MAX_DEPTH} deep.
     *
     * @throws JsonException if the text is not JSON
     */
    public static JsonElement parse(String text) {
        return parse(text, MAX_DEPTH);
    }

    /**
     * Reads one JSON value.
     *
     * @param maxDepth deepest nesting of objects and arrays
     * @throws JsonException if the text is not JSON
     */
    public static JsonElement parse(String text, int maxDepth) {
        return parse(text, maxDepth, MAX_VALUES);
    }

    /**
     * Reads one JSON value.
     *
     * @param maxDepth how deep objects and arrays may be nested
     * @param maxValues how many values there may be, those inside others included
     * @throws JsonException if the text is not JSON
     */
    public static JsonElement parse(String text, int maxDepth, int maxValues) {
        return StrictReader.readAll(text, maxDepth, maxValues, Json::read);
    }

    /** Writes a value in one line, including members that are null. */
    public static String write(JsonElement value) {
        return COMPACT.toJson(value);
    }

    /** Writes a value for people: indented, and without members that are null. */
    public static String writePretty(JsonElement value) {
        return PRETTY.toJson(value);
    }

    /**
     * Returns a writer for people like {@link #writePretty}, for a value that is written piece by
     * piece.
     */
    public static JsonWriter prettyWriter(Writer to) {
        JsonWriter writer = new JsonWriter(to);
        writer.setIndent("  ");
        writer.setHtmlSafe(false);
        writer.setSerializeNulls(false);
        return writer;
    }

    /** Writes a value as the next one of a writer. */
    public static void write(JsonElement value, JsonWriter to) throws IOException {
        PRETTY.getAdapter(JsonElement.class).write(to, value);
    }

    /** Reads the next value of a strict reader. */
    static JsonElement read(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT -> {
                JsonObject object = new JsonObject();
                reader.beginObject();
                while (reader.hasNext()) {
                    String name = StrictReader.wellFormed(reader, reader.nextName());
                    if (object.has(name)) {
                        throw StrictReader.failure(reader, twice(name));
                    }
                    object.add(name, read(reader));
                }
                reader.endObject();
                return object;
            }
            case BEGIN_ARRAY -> {
                JsonArray array = new JsonArray();
                reader.beginArray();
                while (reader.hasNext()) {
                    array.add(read(reader));
                }
                reader.endArray();
                return array;
            }
            case STRING -> {
                return new JsonPrimitive(StrictReader.wellFormed(reader, reader.nextString()));
            }
            case NUMBER -> {
                return new JsonPrimitive(number(reader));
            }
            case BOOLEAN -> {
                return new JsonPrimitive(reader.nextBoolean());
            }
            case NULL -> {
                reader.nextNull();
                return JsonNull.INSTANCE;
            }
            default -> throw StrictReader.failure(reader, "no JSON value");
        }
    }

    /** Reads a number with all its digits. */
    static BigDecimal number(JsonReader reader) throws IOException {
        String text = reader.nextString();
        if (text.length() > StrictReader.MAX_NUMBER_LENGTH) {
            throw StrictReader.failureBefore(
                    reader, "a number of " + text.length() + " characters");
        }
        BigDecimal number = new BigDecimal(text);
        if (Math.abs((long) number.scale()) > StrictReader.MAX_NUMBER_LENGTH) {
            throw StrictReader.failureBefore(reader, "a number out of range");
        }
        return number;
    }

    static String twice(String name) {
        return "name \"" + name + "\" stands twice in one object (expected: once)";
    }

    /** What kind of value it is, for messages. */
    static String kind(JsonToken token) {
        return switch (token) {
            case BEGIN_OBJECT -> "an object";
            case BEGIN_ARRAY -> "a list";
            case STRING -> "text";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            default -> "nothing";
        };
    }

    /** What kind of value it is, for messages. */
    static String kind(JsonElement value) {
        if (value.isJsonNull()) {
            return kind(JsonToken.NULL);
        } else if (value.isJsonObject()) {
            return kind(JsonToken.BEGIN_OBJECT);
        } else if (value.isJsonArray()) {
            return kind(JsonToken.BEGIN_ARRAY);
        }
        JsonPrimitive primitive = value.getAsJsonPrimitive();
        return kind(
                primitive.isString()
                        ? JsonToken.STRING
                        : primitive.isNumber() ? JsonToken.NUMBER : JsonToken.BOOLEAN);
    }
}
