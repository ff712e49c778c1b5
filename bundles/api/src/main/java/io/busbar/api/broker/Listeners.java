package io.busbar.api.broker;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Lists the addresses at which the server accepts MQTT clients. Thread-safe. */
@ProviderType
public interface Listeners {
    /** Returns all configured listeners, sorted by name. */
    List<ListenerView> list();
}
