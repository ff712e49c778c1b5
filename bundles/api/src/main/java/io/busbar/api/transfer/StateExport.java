package io.busbar.api.transfer;

import java.io.IOException;
import java.io.Writer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An export that is under way. Each line is as it was when it was written; what is changed
 * meanwhile may or may not be in it. Holds nothing of the store between two lines. Confined to one
 * thread at a time.
 */
@ProviderType
public interface StateExport {
    /**
     * Writes the next line with its end.
     *
     * @return false if everything was written before
     * @throws io.busbar.api.storage.StorageException if the state cannot be read
     */
    boolean writeNext(Writer to) throws IOException;

    /** Writes all that is left. */
    default void writeAll(Writer to) throws IOException {
        while (writeNext(to)) {
            // Goes on with the next line.
        }
    }
}
