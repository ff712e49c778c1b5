package io.busbar.api.broker;

import java.time.Instant;

/**
 * Basic facts about the running broker.
 *
 * @param version the version of the server
 * @param store the name of the broker store in use
 */
public record BrokerInfo(String version, Instant startedAt, String store) {}
