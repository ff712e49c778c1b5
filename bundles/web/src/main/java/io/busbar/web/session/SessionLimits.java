package io.busbar.web.session;

import java.time.Duration;

/**
 * How long sessions last and how many there may be.
 *
 * @param idle time without a request after which a session ends
 * @param absolute time after which it ends in any case
 */
public record SessionLimits(
        Duration idle, Duration absolute, int maxSessions, int maxSessionsPerUser) {}
