package io.busbar.api.broker;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The last things that clients were refused, in memory, bounded; newest first. Thread-safe. */
@ProviderType
public interface Rejections {
    List<Rejection> list();

    /** Forgets one, e.g. because its remedy was applied. */
    boolean dismiss(long id);

    /** How many were ever recorded since the start. */
    long total();
}
