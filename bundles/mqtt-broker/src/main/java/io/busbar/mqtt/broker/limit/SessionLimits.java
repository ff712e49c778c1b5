package io.busbar.mqtt.broker.limit;

import io.busbar.mqtt.broker.config.BrokerConfig;

/**
 * Limits of sessions.
 *
 * @param max most sessions, connected or not; further ones are refused with 0x97
 * @param maxExpirySeconds longest Session Expiry Interval; 4,294,967,295 = no limit
 * @param maxSubscriptions most subscriptions of one session; further ones are refused with 0x97
 */
public record SessionLimits(int max, long maxExpirySeconds, int maxSubscriptions) {

    public SessionLimits {
        Bounds.check("max.sessions", max, 1, Integer.MAX_VALUE);
        Bounds.check("max.session.expiry", maxExpirySeconds, 0, 0xFFFF_FFFFL);
        Bounds.check("max.subscriptions", maxSubscriptions, 1, Integer.MAX_VALUE);
    }

    /** The limits of a configuration. */
    static SessionLimits of(BrokerConfig config) {
        return new SessionLimits(
                config.max_sessions(), config.max_session_expiry(), config.max_subscriptions());
    }
}
