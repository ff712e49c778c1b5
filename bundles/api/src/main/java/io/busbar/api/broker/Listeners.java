package io.busbar.api.broker;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Lists the addresses at which the server accepts MQTT clients. Thread-safe. */
@ProviderType
public interface Listeners {
    /** Returns all configured listeners, sorted by name. */
    List<ListenerView> list();

    /**
     * Returns the certificates that a client has to trust to connect to a listener with TLS, if
     * they are not among those that are trusted everywhere: the certificates of its authorities, or
     * its own if it signed itself. They are read when they are asked for.
     *
     * @param listener its name
     * @return PEM, one block for each; null if a client needs nothing of that kind, or if the
     *     listener's files do not have the certificate of the authority
     */
    default @Nullable String authorities(String listener) {
        return null;
    }
}
