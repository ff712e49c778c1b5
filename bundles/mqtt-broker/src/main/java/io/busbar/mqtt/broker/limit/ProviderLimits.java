package io.busbar.mqtt.broker.limit;

import io.busbar.mqtt.broker.config.BrokerConfig;

/**
 * Limits of what other bundles implement and the broker calls.
 *
 * @param threads threads for calls that may block; one provider may use a quarter of them
 * @param queue calls of one provider that may wait for a thread
 */
public record ProviderLimits(int threads, int queue) {

    public ProviderLimits {
        Bounds.check("provider.threads", threads, 4, 1_024);
        Bounds.check("provider.queue", queue, 1, 100_000);
    }

    /** The limits of a configuration. */
    static ProviderLimits of(BrokerConfig config) {
        return new ProviderLimits(config.provider_threads(), config.provider_queue());
    }
}
