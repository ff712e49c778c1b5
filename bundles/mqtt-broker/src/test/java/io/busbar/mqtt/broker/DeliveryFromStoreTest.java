package io.busbar.mqtt.broker;

import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.storage.HeldStore;

/** The rules of delivery with a store that is not in memory. */
class DeliveryFromStoreTest extends DeliveryTest {
    DeliveryFromStoreTest() {
        store = HeldStore.losing(new MemoryStore());
    }
}
