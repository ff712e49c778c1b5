package io.busbar.json;

import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.function.Function;

/** A value that is written as text. */
final class TextAdapter<T> extends TypeAdapter<T> {
    private final String expected;
    private final Function<String, T> read;
    private final Function<? super T, String> write;

    /**
     * Keeps values as text.
     *
     * @param read throws IllegalArgumentException if the text is not one
     */
    TextAdapter(String expected, Function<String, T> read, Function<? super T, String> write) {
        this.expected = expected;
        this.read = read;
        this.write = write;
    }

    @Override
    public T read(JsonReader in) throws IOException {
        StandardTypes.require(in, JsonToken.STRING, expected);
        String text = StrictReader.wellFormed(in, in.nextString());
        try {
            return read.apply(text);
        } catch (IllegalArgumentException e) {
            throw StrictReader.failureBefore(in, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void write(JsonWriter out, T value) throws IOException {
        out.value(write.apply(value));
    }
}
