package io.busbar.api.broker;

import io.busbar.api.auth.Principal;
import io.busbar.api.mqtt.ProtocolVersion;
import java.time.Instant;

/**
 * A client that is connected, as it was when it was asked for. Counters start with the connection.
 *
 * @param principal the authenticated identity
 * @param address IP address and port
 * @param listener the name of the listener it connected to
 * @param keepAliveSeconds the keep alive in use; 0 = none
 * @param cleanStart whether it asked for a new session
 * @param sessionExpirySeconds how long its session outlives the connection; 0xFFFFFFFF = for ever
 * @param subscriptions how many subscriptions its session has
 * @param messagesIn messages it has published
 * @param messagesOut messages that were sent to it
 * @param bytesIn bytes received from it
 * @param bytesOut bytes sent to it
 * @param queued messages that wait to be sent to it
 * @param inflight messages that were sent to it and are not acknowledged yet
 * @param lastActivityAt when its last packet arrived
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
