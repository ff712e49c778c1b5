package io.busbar.web.session;

import java.time.Duration;

/**
 * How long sessions last and how many there may be.
 *
 * @param idle how long a session may go without activity before it ends
 * @param absolute how long a session lasts at most
 * @param maxSessions most sessions of all people together
 * @param maxSessionsPerUser most sessions of one person
 */
public record SessionLimits(
        Duration idle, Duration absolute, int maxSessions, int maxSessionsPerUser) {}
