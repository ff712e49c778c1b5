package io.busbar.web.api.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;

/**
 * Reads JSON as RFC 8259 has it and nothing else: no comments, no NaN, no duplicate names, nothing
 * after the value, no more than {@link #MAX_DEPTH} levels. Numbers are kept exactly.
 */
public final class StrictJson {
    /** Deepest nesting that is read. */
    public static final int MAX_DEPTH = 64;

    /**
     * Longest number that is read, in characters: what is longer is an attack on the arithmetic,
     * not a value.
     */
    private static final int MAX_NUMBER_LENGTH = 400;

    private StrictJson() {}

    /**
     * Reads one JSON value.
     *
     * @throws IllegalArgumentException if the text is not JSON; the message says where and what is
     *     wrong
     */
    public static JsonElement parse(String text) {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        try {
            JsonElement value = read(reader, 0);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new IllegalArgumentException("more text follows the JSON value");
            }
            return value;
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new IllegalArgumentException(firstLine(e), e);
        }
    }

    private static JsonElement read(JsonReader reader, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException(
                    "nested deeper than " + MAX_DEPTH + " levels at " + reader.getPath());
        }
        switch (reader.peek()) {
            case BEGIN_OBJECT -> {
                JsonObject object = new JsonObject();
                reader.beginObject();
                while (reader.hasNext()) {
                    String name = reader.nextName();
                    if (object.has(name)) {
                        throw new IllegalArgumentException(
                                "name '" + name + "' twice in one object at " + reader.getPath());
                    }
                    object.add(name, read(reader, depth + 1));
                }
                reader.endObject();
                return object;
            }
            case BEGIN_ARRAY -> {
                JsonArray array = new JsonArray();
                reader.beginArray();
                while (reader.hasNext()) {
                    array.add(read(reader, depth + 1));
                }
                reader.endArray();
                return array;
            }
            case STRING -> {
                return new JsonPrimitive(reader.nextString());
            }
            case NUMBER -> {
                String number = reader.nextString();
                if (number.length() > MAX_NUMBER_LENGTH) {
                    throw new IllegalArgumentException(
                            "number of " + number.length() + " characters at " + reader.getPath());
                }
                BigDecimal value = new BigDecimal(number);
                if (Math.abs((long) value.scale()) > MAX_NUMBER_LENGTH) {
                    throw new IllegalArgumentException(
                            "number out of range at " + reader.getPath());
                }
                return new JsonPrimitive(value);
            }
            case BOOLEAN -> {
                return new JsonPrimitive(reader.nextBoolean());
            }
            case NULL -> {
                reader.nextNull();
                return JsonNull.INSTANCE;
            }
            default -> throw new IllegalArgumentException("no JSON value at " + reader.getPath());
        }
    }

    private static String firstLine(Exception e) {
        String message = e.getMessage() == null ? "the text ends too early" : e.getMessage();
        int end = message.indexOf('\n');
        String line = end < 0 ? message : message.substring(0, end);
        return line.replace(
                "Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON",
                "not JSON");
    }
}
