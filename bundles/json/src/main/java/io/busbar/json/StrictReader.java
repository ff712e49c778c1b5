package io.busbar.json;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gson's reader in its strictest form, and its failures in our words. */
final class StrictReader {
    /**
     * Longest number that is read, in characters: what is longer is an attack on the arithmetic,
     * not a value.
     */
    static final int MAX_NUMBER_LENGTH = 400;

    /** How Gson tells the place, in its messages and as text of a reader. */
    private static final Pattern PLACE =
            Pattern.compile(" at line (\\d+) column (\\d+) path (\\S*)");

    /** Gson's advice for programmers, in the message about most mistakes. */
    private static final String ADVICE =
            "Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON";

    private StrictReader() {}

    /** Reads what a text consists of. */
    interface Body<T> {
        T read(JsonReader reader) throws IOException;
    }

    /**
     * Reads a text to its end.
     *
     * @param maxValues how many values there may be, with those inside others
     * @throws JsonException if it is not the JSON that was asked for
     */
    static <T> T readAll(String text, int maxDepth, int maxValues, Body<T> body) {
        try {
            return readAll(new CountingReader(new StringReader(text), maxValues), maxDepth, body);
        } catch (IOException e) {
            throw new UncheckedIOException("a StringReader does not fail", e);
        }
    }

    /**
     * Reads to the end.
     *
     * @throws IOException if what the text comes from fails
     */
    static <T> T readAll(CountingReader reader, int maxDepth, Body<T> body) throws IOException {
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(maxDepth);
        try {
            T value = body.read(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw failure(reader, "more text follows the JSON value");
            }
            return value;
        } catch (JsonException e) {
            throw e;
        } catch (MalformedJsonException
                | EOFException
                | JsonStream.TooLongException
                | JsonParseException
                | IllegalStateException
                | NumberFormatException e) {
            throw failure(reader, e);
        }
    }

    /** A mistake of the value that comes next. */
    static JsonException failure(JsonReader reader, String reason) {
        return at(reader.toString(), reader.getPath(), reason);
    }

    /** A mistake of the value that was just read. */
    static JsonException failureBefore(JsonReader reader, String reason) {
        return at(reader.toString(), reader.getPreviousPath(), reason);
    }

    private static JsonException failure(JsonReader reader, Exception e) {
        String message = e.getMessage() == null ? "the text ends too early" : e.getMessage();
        String line = message.lines().findFirst().orElse("malformed").replace(ADVICE, "malformed");
        Matcher place = PLACE.matcher(line);
        return place.find()
                ? at(line, place.group(3), line.substring(0, place.start()))
                : failure(reader, line);
    }

    private static JsonException at(String where, String path, String reason) {
        Matcher place = PLACE.matcher(where);
        boolean known = place.find();
        return new JsonException(
                reason,
                path(path),
                known ? Integer.parseInt(place.group(1)) : 0,
                known ? Integer.parseInt(place.group(2)) : 0);
    }

    /** Gson's path without the dollar sign that stands for the root. */
    private static String path(String gson) {
        String path = gson.startsWith("$") ? gson.substring(1) : gson;
        return path.startsWith(".") ? path.substring(1) : path;
    }

    /** Refuses text with half of a surrogate pair: it is not Unicode and cannot be written down. */
    static String wellFormed(JsonReader reader, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair =
                        Character.isHighSurrogate(c)
                                && i + 1 < text.length()
                                && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw failureBefore(reader, "text with an unpaired surrogate");
                }
                i++;
            }
        }
        return text;
    }

    /**
     * Stops at one value too many. Two characters of text can become a hundred bytes of objects:
     * who bounds the text alone does not bound the memory.
     */
    static final class CountingReader extends JsonReader {
        private final int max;
        private int values;

        CountingReader(Reader text, int max) {
            super(text);
            this.max = max;
        }

        /** Counts anew. */
        void begin() {
            values = 0;
        }

        @Override
        public void beginObject() throws IOException {
            count();
            super.beginObject();
        }

        @Override
        public void beginArray() throws IOException {
            count();
            super.beginArray();
        }

        @Override
        public String nextString() throws IOException {
            count();
            return super.nextString();
        }

        @Override
        public boolean nextBoolean() throws IOException {
            count();
            return super.nextBoolean();
        }

        @Override
        public void nextNull() throws IOException {
            count();
            super.nextNull();
        }

        @Override
        public int nextInt() throws IOException {
            count();
            return super.nextInt();
        }

        @Override
        public long nextLong() throws IOException {
            count();
            return super.nextLong();
        }

        @Override
        public double nextDouble() throws IOException {
            count();
            return super.nextDouble();
        }

        @Override
        public void skipValue() throws IOException {
            count();
            super.skipValue();
        }

        private void count() {
            if (++values > max) {
                throw failure(this, "more than " + max + " values");
            }
        }
    }
}
