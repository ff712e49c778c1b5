package io.busbar.api.uns;

import java.io.IOException;
import java.io.Writer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The nodes of one moment as a document that {@link Namespace#importJson} can read, written piece
 * by piece. Changes that are made meanwhile are not in it. Each export holds a reference to every
 * node of that moment, so only few should be open at once. Confined to one thread at a time.
 */
@ProviderType
public interface NamespaceExport {
    /**
     * Writes the next piece, which is about one node at most.
     *
     * @return false if everything was written before
     */
    boolean writeNext(Writer to) throws IOException;

    /** Writes all that is left. */
    default void writeAll(Writer to) throws IOException {
        while (writeNext(to)) {
            // Goes on with the next node.
        }
    }
}
