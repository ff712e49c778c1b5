package io.busbar.api.broker;

import java.time.Instant;

/**
 * What the broker is.
 *
 * @param store name of the broker store in use
 */
public record BrokerInfo(String version, Instant startedAt, String store) {}
