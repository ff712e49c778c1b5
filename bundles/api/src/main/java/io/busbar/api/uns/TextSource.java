package io.busbar.api.uns;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text of any length that can be read more than once. */
@FunctionalInterface
public interface TextSource {
    /** Begins to read; the caller closes the reader. */
    Reader open() throws IOException;

    /** Text in memory. */
    static TextSource of(String text) {
        return () -> new StringReader(text);
    }

    /** A file of UTF-8; bytes that are none fail with a CharacterCodingException. */
    static TextSource of(Path file) {
        return () -> Files.newBufferedReader(file, StandardCharsets.UTF_8);
    }
}
