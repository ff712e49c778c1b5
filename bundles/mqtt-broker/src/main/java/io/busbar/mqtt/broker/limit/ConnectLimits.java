package io.busbar.mqtt.broker.limit;

import io.busbar.mqtt.broker.config.BrokerConfig;

/**
 * Limits of clients that connect.
 *
 * @param timeoutMillis how long CONNECT may take to arrive
 * @param authenticationTimeoutMillis how long an authenticator may take to answer
 * @param perSecond connects accepted per second; more are refused with 0x9F; 0 = no limit
 * @param maxClientIdLength longest Client Identifier in characters; longer ones are refused with
 *     0x85
 * @param maxKeepAliveSeconds longest keep alive of MQTT 5 clients; one that asks for more, or for
 *     none, is given this one; 0 = no limit
 */
public record ConnectLimits(
        int timeoutMillis,
        int authenticationTimeoutMillis,
        int perSecond,
        int maxClientIdLength,
        int maxKeepAliveSeconds) {

    public ConnectLimits {
        Bounds.check("connect.timeout.ms", timeoutMillis, 100, 600_000);
        Bounds.check("authentication.timeout.ms", authenticationTimeoutMillis, 10, 600_000);
        Bounds.check("max.connects.per.second", perSecond, 0, Integer.MAX_VALUE);
        Bounds.check("max.client.id.length", maxClientIdLength, 23, 65_535);
        Bounds.check("max.keep.alive", maxKeepAliveSeconds, 0, 65_535);
    }

    /** The limits of a configuration. */
    static ConnectLimits of(BrokerConfig config) {
        return new ConnectLimits(
                config.connect_timeout_ms(),
                config.authentication_timeout_ms(),
                config.max_connects_per_second(),
                config.max_client_id_length(),
                config.max_keep_alive());
    }
}
