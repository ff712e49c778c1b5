package io.busbar.api.broker.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Follows what happens to clients. Published as a service; events of one client arrive in order, on
 * a thread of the broker that is not an event loop, so a listener may be slow but not for ever.
 */
@ConsumerType
public interface ClientListener {
    void onEvent(ClientEvent event);
}
