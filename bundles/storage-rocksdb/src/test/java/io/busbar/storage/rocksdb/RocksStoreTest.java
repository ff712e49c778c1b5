package io.busbar.storage.rocksdb;

import io.busbar.api.storage.BrokerStore;
import io.busbar.testkit.contract.StorageContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RocksStoreTest extends StorageContract {
    @TempDir Path temp;

    @Override
    protected BrokerStore open() {
        return RocksStore.open(Settings.of(temp.resolve("broker")));
    }

    @Override
    protected void close(BrokerStore opened) {
        ((RocksStore) opened).close();
    }
}
