package io.busbar.json;

import com.google.gson.JsonElement;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.Reader;

/**
 * Reads JSON text of any length value by value, as strictly as {@link Json}. Memory is only needed
 * for the value that is asked for, which may have at most {@link Json#MAX_VALUES} values inside and
 * {@link #MAX_VALUE_CHARS} characters. Confined to one thread.
 *
 * <p>All methods throw a {@link JsonException} if the text is not JSON, and an {@link IOException}
 * if the reader fails.
 */
public final class JsonStream {
    /** Longest name or value that is read at once, in characters. */
    public static final int MAX_VALUE_CHARS = 4_194_304;

    private final BoundedReader text;
    private final StrictReader.CountingReader reader;

    private JsonStream(Reader text) {
        this.text = new BoundedReader(text);
        this.reader = new StrictReader.CountingReader(this.text, Json.MAX_VALUES);
    }

    /** Reads what a text consists of. */
    @FunctionalInterface
    public interface Body<T> {
        /** Reads one JSON value with all that is in it. */
        T read(JsonStream in) throws IOException;
    }

    /**
     * Reads a text to its end, nested at most {@link Json#MAX_DEPTH} deep.
     *
     * @param text is not closed
     */
    public static <T> T read(Reader text, Body<T> body) throws IOException {
        JsonStream in = new JsonStream(text);
        return StrictReader.readAll(in.reader, Json.MAX_DEPTH, reader -> body.read(in));
    }

    /** What comes next. */
    public JsonToken peek() throws IOException {
        begin();
        return reader.peek();
    }

    /** Whether the object or array has more. */
    public boolean hasNext() throws IOException {
        begin();
        return reader.hasNext();
    }

    /** Enters an object. */
    public void beginObject() throws IOException {
        begin();
        reader.beginObject();
    }

    /** Leaves an object. */
    public void endObject() throws IOException {
        begin();
        reader.endObject();
    }

    /** Enters an array. */
    public void beginArray() throws IOException {
        begin();
        reader.beginArray();
    }

    /** Leaves an array. */
    public void endArray() throws IOException {
        begin();
        reader.endArray();
    }

    /** The name of the next member of an object. */
    public String name() throws IOException {
        begin();
        return StrictReader.wellFormed(reader, reader.nextName());
    }

    /** The next value, complete. */
    public JsonElement value() throws IOException {
        begin();
        return Json.read(reader);
    }

    /** Passes over the next value, whatever its size. */
    public void skip() throws IOException {
        switch (peek()) {
            case BEGIN_OBJECT -> {
                beginObject();
                while (hasNext()) {
                    name();
                    skip();
                }
                endObject();
            }
            case BEGIN_ARRAY -> {
                beginArray();
                while (hasNext()) {
                    skip();
                }
                endArray();
            }
            default -> value();
        }
    }

    /** The line of what comes next, counted from 1. */
    public int line() {
        String place = reader.toString();
        int from = place.indexOf(" at line ") + " at line ".length();
        return Integer.parseInt(place.substring(from, place.indexOf(' ', from)));
    }

    /** A mistake in what comes next. */
    public JsonException failure(String reason) {
        return StrictReader.failure(reader, reason);
    }

    /** What is read from now on counts for one step alone. */
    private void begin() {
        text.since = 0;
        reader.begin();
    }

    /** Ends a step that takes too many characters. */
    private static final class BoundedReader extends Reader {
        private final Reader in;
        private long since;

        BoundedReader(Reader in) {
            this.in = in;
        }

        @Override
        public int read(char[] into, int offset, int length) throws IOException {
            if (since > MAX_VALUE_CHARS) {
                throw new TooLongException();
            }
            int n = in.read(into, offset, length);
            since += Math.max(0, n);
            return n;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** A value of too many characters. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLongException() {
            super("a value of more than " + MAX_VALUE_CHARS + " characters");
        }
    }
}
