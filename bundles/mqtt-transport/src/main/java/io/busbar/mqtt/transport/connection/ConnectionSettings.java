package io.busbar.mqtt.transport.connection;

import io.busbar.api.broker.Transport;
import io.busbar.mqtt.transport.tls.ClientIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What connections know of their listener: as its configuration was when they came.
 *
 * @param listener its name
 * @param proxied whether a PROXY header comes first
 * @param identity which part of a client's certificate says who the client is; null without TLS
 * @param sendBufferBytes how much waits for one client before it counts as slow, and how much of
 *     answers may wait beyond that before nothing more is read from it
 */
public record ConnectionSettings(
        String listener,
        Transport transport,
        boolean proxied,
        @Nullable ClientIdentity identity,
        int sendBufferBytes) {}
