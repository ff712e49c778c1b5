package io.busbar.storage.rocksdb;

import io.busbar.api.storage.StorageException;
import io.busbar.storage.rocksdb.record.ByteSink;
import io.busbar.storage.rocksdb.record.DamagedRecordException;
import io.busbar.storage.rocksdb.record.Keys;
import io.busbar.storage.rocksdb.record.Values;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes messages that no entry of a queue refers to any more. An acknowledgement does not count
 * references, which would need a read; instead this walks slowly over all messages that were given
 * to several sessions, and looks whether one of these still has its entry. Entries never come back,
 * so what is found gone is gone, also after a crash.
 */
final class BodySweeper {
    private static final long SLICE_NANOS = 20_000_000;
    private static final int SLICE_BODIES = 1_000;

    /** How many times as long as a slice took it rests: 5 % of a core where it finds much. */
    private static final long REST_FINDING = 20;

    private static final long REST_IDLE = 200;
    private static final long LEAST_REST_MILLIS = 50;
    private static final long ROUND_REST_MILLIS = 5_000;

    /** So many that are gone are worth writing the others anew. */
    private static final int WORTH_WRITING = 8;

    private static final byte[] BEGINNING = new byte[0];
    private static final Logger LOG = LoggerFactory.getLogger(BodySweeper.class);

    private final Database database;
    private byte[] from = BEGINNING;
    private final AtomicLong removed = new AtomicLong();

    BodySweeper(Database database) {
        this.database = database;
    }

    /** How many messages it has removed. */
    long removed() {
        return removed.get();
    }

    /**
     * Does a small part of a round.
     *
     * @return how many milliseconds to rest before the next
     */
    long sweep() {
        long start = System.nanoTime();
        boolean roundEnded = false;
        int seen = 0;
        int gone = 0;
        Changes changes = new Changes(256);
        try (Cursor cursor = database.cursor(Family.HOLDERS, from, BEGINNING)) {
            while (seen < SLICE_BODIES && System.nanoTime() - start < SLICE_NANOS) {
                if (!cursor.next()) {
                    roundEnded = true;
                    break;
                }
                seen++;
                byte[] key = cursor.key();
                gone += look(key, cursor.value(), changes) ? 1 : 0;
                // The next key there can be.
                from = Arrays.copyOf(key, key.length + 1);
            }
            if (changes.count() > 0) {
                database.write(changes.toBytes(), false);
                removed.addAndGet(gone);
            }
        } catch (StorageException | DamagedRecordException | RocksDBException e) {
            // Whoever needs the store will tell; here it can wait.
            LOG.debug("Broker store not swept", e);
            roundEnded = true;
        }
        if (roundEnded) {
            from = BEGINNING;
            return ROUND_REST_MILLIS;
        }
        long took = (System.nanoTime() - start) / 1_000_000 + 1;
        return Math.max(LEAST_REST_MILLIS, took * (gone * 10 >= seen ? REST_FINDING : REST_IDLE));
    }

    /** Looks at one; whether it is not needed any more. */
    private boolean look(byte[] key, byte[] value, Changes changes) {
        int shard = Keys.shardOf(key);
        long[] holders = Values.readHolders(value);
        int first = 0;
        while (first < holders.length
                && !database.exists(
                        Family.QUEUE,
                        Keys.queue(shard, holders[first], holders[first + 1], Keys.ENTRY))) {
            first += 2;
        }
        if (first == holders.length) {
            changes.deleteOnce(database.id(Family.BODY), key);
            changes.delete(database.id(Family.HOLDERS), key);
            return true;
        }
        if (first / 2 >= WORTH_WRITING) {
            long[] rest = Arrays.copyOfRange(holders, first, holders.length);
            ByteSink sink = new ByteSink(rest.length * 4);
            Values.writeHolders(sink, rest, rest.length);
            changes.put(database.id(Family.HOLDERS), key, sink);
        }
        return false;
    }
}
