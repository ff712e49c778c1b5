package io.busbar.api.broker;

import io.busbar.api.audit.Actor;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The last things that clients were refused, in memory, bounded; newest first. Thread-safe. */
@ProviderType
public interface Rejections {
    List<Rejection> list();

    /** Forgets one, e.g. because its remedy was applied. */
    boolean dismiss(long id, Actor actor);

    /** How many were ever recorded since the start. */
    long total();
}
