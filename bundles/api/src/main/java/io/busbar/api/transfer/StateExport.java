package io.busbar.api.transfer;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An export that is under way. Each line is as it was when it was written; what is changed
 * meanwhile may or may not be in it. What is damaged in the store is left out, and the last line
 * says so. Holds nothing of the store between two lines. Confined to one thread at a time.
 */
@ProviderType
public interface StateExport {
    /** Most of what is left out that is named. */
    int MOST_NAMED = 100;

    /**
     * Writes the next line with its end.
     *
     * @return false if everything was written before
     * @throws io.busbar.api.storage.StorageException if the state cannot be read
     */
    boolean writeNext(Writer to) throws IOException;

    /** How many times something damaged was left out until now. */
    default long leftOut() {
        return 0;
    }

    /** What was left out until now, for people; the first {@link #MOST_NAMED}. */
    default List<String> leftOutNames() {
        return List.of();
    }

    /** Writes all that is left. */
    default void writeAll(Writer to) throws IOException {
        while (writeNext(to)) {
            // Goes on with the next line.
        }
    }
}
