package io.busbar.backup.archive;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.json.Json;
import io.busbar.json.JsonException;
import io.busbar.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * What an archive says of itself: the last of its files, as JSON.
 *
 * @param format the number of the archive's format
 * @param version the version of the server that made it
 * @param createdAt when the backup was begun
 * @param files all other files of the archive
 */
public record Manifest(int format, String version, Instant createdAt, List<Content> files) {
    /** The format that this version writes, and the only one that it reads. */
    static final int FORMAT = 1;

    /** The name of its file. */
    static final String NAME = "manifest.json";

    /** Most values of a manifest: a million files and more. */
    private static final int MAX_VALUES = 8_000_000;

    private static final JsonMapper JSON =
            JsonMapper.builder().tolerateUnknownKeys().maxValues(MAX_VALUES).build();

    /**
     * A file.
     *
     * @param path where it is below the data folder, with {@code /} between names
     * @param size its bytes
     * @param sha256 its checksum, in lower-case hexadecimal digits
     */
    public record Content(String path, long size, String sha256) {}

    String write() {
        return JSON.write(this);
    }

    /**
     * Reads a manifest.
     *
     * @throws IOException if it is none, or has another format; the message says so
     */
    static Manifest read(String text) throws IOException {
        try {
            JsonElement all = Json.parse(text, Json.MAX_DEPTH, MAX_VALUES);
            JsonElement format = all instanceof JsonObject object ? object.get("format") : null;
            if (format == null) {
                throw new IOException("its " + NAME + " names no format");
            }
            if (!format.toString().equals(Integer.toString(FORMAT))) {
                throw new IOException(
                        "it has the format "
                                + format
                                + ", this version knows "
                                + FORMAT
                                + ". Restore it with the version that made it");
            }
            return JSON.read(text, Manifest.class);
        } catch (JsonException e) {
            throw new IOException("its " + NAME + " is damaged (" + e.getMessage() + ")", e);
        }
    }

    /** The bytes of all files. */
    public long totalBytes() {
        return files.stream().mapToLong(Content::size).sum();
    }
}
