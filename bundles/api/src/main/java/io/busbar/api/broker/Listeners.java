package io.busbar.api.broker;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The listening addresses of the broker. Thread-safe. */
@ProviderType
public interface Listeners {
    /** All that are configured, by name. */
    List<ListenerView> list();
}
