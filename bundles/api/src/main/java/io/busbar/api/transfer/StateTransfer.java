package io.busbar.api.transfer;

import io.busbar.api.audit.Actor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Writes the state of the running server as lines of JSON, and reads such lines into a running
 * server. Published as a service. Memory is bounded, however much is moved. Thread-safe; calls
 * access the disk, so never call from an event loop.
 */
@ProviderType
public interface StateTransfer {
    /**
     * Begins an export. Credentials come with what verifies their passwords, so only administrators
     * may have them.
     *
     * @param parts what is wanted; at least one
     */
    StateExport export(Set<StatePart> parts, Actor actor);

    /**
     * Reads lines and makes what they describe. What is wrong with a line is reported and the next
     * one is read. Of a session all or nothing is made.
     *
     * @throws MalformedStateException if the first line is not that of an export that this server
     *     can read; nothing was changed
     * @throws io.busbar.api.storage.ConflictException if another import is under way; nothing was
     *     changed
     * @throws io.busbar.api.storage.StorageException if what was read cannot be kept; what was made
     *     before stays
     * @throws IOException if the lines cannot be read; what was made before stays
     */
    ImportReport importLines(InputStream lines, ImportRule rule, Actor actor) throws IOException;
}
