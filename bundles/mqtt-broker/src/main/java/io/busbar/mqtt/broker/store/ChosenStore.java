package io.busbar.mqtt.broker.store;

import io.busbar.api.storage.BrokerStore;

/**
 * The store that the broker's state is in. A service while there is one and its state is not being
 * moved; the broker runs as long.
 */
public record ChosenStore(BrokerStore store) {}
