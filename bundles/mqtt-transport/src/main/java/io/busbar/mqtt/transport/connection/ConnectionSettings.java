package io.busbar.mqtt.transport.connection;

import io.busbar.api.broker.Transport;
import io.busbar.mqtt.transport.tls.ClientIdentity;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a listener that its connections need, as they were when the connection began.
 *
 * @param listener the listener's name
 * @param proxied whether each connection begins with a PROXY header
 * @param identity which part of a client's certificate identifies the client; null without TLS
 * @param sendBufferBytes how many bytes may wait for one client before it counts as slow. If as
 *     many bytes of answers wait beyond that, nothing more is read from the client
 */
public record ConnectionSettings(
        String listener,
        Transport transport,
        boolean proxied,
        @Nullable ClientIdentity identity,
        int sendBufferBytes) {}
