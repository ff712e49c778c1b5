package io.busbar.mqtt.broker;

import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.storage.HeldStore;

/** Consumers with a store that is not in memory. */
class ConsumerFromStoreTest extends ConsumerTest {
    ConsumerFromStoreTest() {
        store = HeldStore.losing(new MemoryStore());
    }
}
