package io.busbar.mqtt.broker;

import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.storage.HeldStore;

/** Retained Messages at the pace of a client, from a store that is not in memory. */
class RetainedDeliveryFromStoreTest extends RetainedDeliveryTest {
    RetainedDeliveryFromStoreTest() {
        store = HeldStore.losing(new MemoryStore());
    }
}
