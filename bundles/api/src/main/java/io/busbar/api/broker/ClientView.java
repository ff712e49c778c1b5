package io.busbar.api.broker;

import io.busbar.api.auth.Principal;
import io.busbar.api.mqtt.ProtocolVersion;
import java.time.Instant;

/**
 * A client that is connected at this moment.
 *
 * @param address IP address and port
 * @param keepAliveSeconds 0 = none
 * @param sessionExpirySeconds how long its session outlives the connection; 0xFFFFFFFF = for ever
 * @param queued messages that wait for it
 * @param inflight messages sent to it and not acknowledged
 * @param lastActivityAt when its last packet came
 */
public record ClientView(
        String clientId,
        Principal principal,
        String address,
        String listener,
        Transport transport,
        ProtocolVersion version,
        int keepAliveSeconds,
        boolean cleanStart,
        long sessionExpirySeconds,
        int subscriptions,
        long messagesIn,
        long messagesOut,
        long bytesIn,
        long bytesOut,
        long queued,
        int inflight,
        Instant connectedAt,
        Instant lastActivityAt) {}
