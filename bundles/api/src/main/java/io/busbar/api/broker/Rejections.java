package io.busbar.api.broker;

import io.busbar.api.audit.Actor;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Remembers the most recent requests of clients that were refused. In memory only and bounded: one
 * client has one entry for each cause, and whoever has most entries loses its oldest first.
 * Thread-safe.
 */
@ProviderType
public interface Rejections {
    /** Returns the remembered rejections, newest first. */
    List<Rejection> list();

    /**
     * Removes a rejection from the list, e.g. after its cause was fixed.
     *
     * @return whether it was in the list
     */
    boolean dismiss(long id, Actor actor);

    /** Returns how many rejections happened since the server started. */
    long total();
}
