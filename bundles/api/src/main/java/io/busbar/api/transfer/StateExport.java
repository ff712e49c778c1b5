package io.busbar.api.transfer;

import java.io.IOException;
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
     * @return whether there are more
     * @throws io.busbar.api.storage.StorageException if the state cannot be read
     */
    boolean writeNext(Appendable to) throws IOException;
}
