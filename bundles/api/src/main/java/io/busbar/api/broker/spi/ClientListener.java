package io.busbar.api.broker.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Receives events about clients. Published as a service.
 *
 * <p>The events of one client arrive in order. They are delivered on a broker thread that is not an
 * event loop, so a listener may block for a short time. If listeners stay too slow, further events
 * are dropped and counted.
 */
@ConsumerType
public interface ClientListener {
    /** Called for each event. */
    void onEvent(ClientEvent event);
}
