package io.busbar.storage.rocksdb;

import io.busbar.api.storage.StorageException;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks RocksDB to give back the space of what was removed, in the background. */
final class Compaction {
    private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);

    private Compaction() {}

    static void suggest(Database database) {
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(false)) {
            for (Family family : Family.values()) {
                database.with(
                        open -> {
                            open.flush(flush, database.handle(family));
                            return open.suggestCompactRange(database.handle(family));
                        });
            }
        } catch (RocksDBException | StorageException e) {
            LOG.debug("Broker store not compacted", e);
        }
    }
}
