package io.busbar.storage.rocksdb;

import io.busbar.api.storage.StorageException;
import io.busbar.storage.rocksdb.record.Values;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The formats that a store can have: their number, and the way from each to the next.
 *
 * @param steps the step from format n + 1 to format n + 2 stands at index n; only ever appended to
 */
record Formats(List<Step> steps) {
    /** What this version writes. */
    static final Formats CURRENT = new Formats(List.of(Formats::toFormat2));

    private static final Logger LOG = LoggerFactory.getLogger(Formats.class);

    /**
     * Brings a store to the next format. May be called again after it was cut short. Adds what must
     * become visible together with the new number to the changes.
     */
    @FunctionalInterface
    interface Step {
        void prepare(Database database, Changes changes) throws RocksDBException;
    }

    /**
     * Format 2 has marks of deliveries, and how far messages of QoS 2 were taken over. What an
     * older one has stays as it is.
     */
    private static void toFormat2(Database database, Changes changes) {
        // Only the number tells older versions that they would not know what to do with these.
    }

    int current() {
        return steps.size() + 1;
    }

    /**
     * Makes an empty store one of the current format, and brings an older one to it.
     *
     * @throws StorageException if a newer version has written it
     */
    void prepare(Database database, Settings settings) throws RocksDBException {
        int meta = database.id(Family.META);
        long found = Meta.read(database, Meta.FORMAT);
        if (found > current()) {
            throw new StorageException(
                    "Broker store "
                            + settings.folder()
                            + " cannot be opened: a newer Busbar has written it (format "
                            + found
                            + ", this one knows "
                            + current()
                            + "). Start that version, or restore a backup made before the"
                            + " update.");
        }
        if (found == 0) {
            Changes changes = new Changes(128);
            changes.put(meta, Meta.FORMAT, Values.number(current()));
            changes.put(meta, Meta.SHARDS, Values.number(settings.shards()));
            database.write(changes.toBytes(), true);
            return;
        }
        for (int format = (int) found; format < current(); format++) {
            Changes changes = new Changes(128);
            steps.get(format - 1).prepare(database, changes);
            changes.put(meta, Meta.FORMAT, Values.number(format + 1));
            database.write(changes.toBytes(), true);
            LOG.info(
                    "Broker store brought to format {} (folder={})", format + 1, settings.folder());
        }
    }
}
