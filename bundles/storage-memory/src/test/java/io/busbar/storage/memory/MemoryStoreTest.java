package io.busbar.storage.memory;

import io.busbar.api.storage.BrokerStore;
import io.busbar.testkit.contract.StorageContract;

class MemoryStoreTest extends StorageContract {
    @Override
    protected BrokerStore open() {
        return new MemoryStore();
    }

    @Override
    protected void close(BrokerStore opened) {
        // It is garbage now.
    }
}
