package io.busbar.storage.rocksdb;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.TreeSet;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Reads a family of a damaged database. Where a block cannot be read it goes on with the next key
 * that can, and tells between which keys something is missing.
 */
final class Salvage {
    private static final HexFormat HEX = HexFormat.of();

    private final Database database;
    private final Losses losses;

    /** Is given what can be read. */
    @FunctionalInterface
    interface Reader {
        void read(byte[] key, byte[] value) throws RocksDBException;
    }

    Salvage(Database database, Losses losses) {
        this.database = database;
        this.losses = losses;
    }

    void read(Family family, Reader reader) throws RocksDBException {
        database.with(
                open -> {
                    try (ReadOptions options = new ReadOptions().setFillCache(false);
                            RocksIterator at = open.newIterator(database.handle(family), options)) {
                        at.seekToFirst();
                        byte[] last = new byte[0];
                        while (true) {
                            if (at.isValid()) {
                                last = at.key();
                                reader.read(last, at.value());
                                at.next();
                            } else if (!skip(open, family, at, last)) {
                                return null;
                            }
                        }
                    }
                });
    }

    /** Goes to the next key that can be read; false if there is none. */
    private boolean skip(RocksDB open, Family family, RocksIterator at, byte[] last) {
        String why;
        try {
            at.status();
            return false;
        } catch (RocksDBException e) {
            why = String.valueOf(e.getMessage());
        }
        String from = last.length == 0 ? "the beginning" : HEX.formatHex(last);
        for (byte[] candidate : candidates(open, family, last)) {
            at.seek(candidate);
            if (at.isValid()) {
                losses.add(
                        "records of " + family + " from " + from + " to " + HEX.formatHex(at.key()),
                        why);
                return true;
            }
        }
        losses.add("records of " + family + " from " + from + " on", why);
        return false;
    }

    /**
     * Keys to try, from near to far: what follows the last one, level by level, and other files.
     */
    private TreeSet<byte[]> candidates(RocksDB open, Family family, byte[] last) {
        TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
        byte[] near = last;
        for (LiveFileMetaData file : open.getLiveFilesMetaData()) {
            if (Arrays.equals(file.columnFamilyName(), family.bytes())) {
                keys.add(file.smallestKey());
                keys.add(file.largestKey());
                if (last.length == 0
                        && (near.length == 0
                                || Arrays.compareUnsigned(file.smallestKey(), near) < 0)) {
                    near = file.smallestKey();
                }
            }
        }
        for (int length = near.length; length > 0; length--) {
            byte[] beginning = Arrays.copyOf(near, length);
            int end = beginning.length - 1;
            // Each place is tried in steps that double.
            for (int step = 1; (beginning[end] & 0xFF) + step <= 0xFF; step *= 2) {
                byte[] key = beginning.clone();
                key[end] = (byte) (key[end] + step);
                keys.add(key);
            }
        }
        return new TreeSet<>(keys.tailSet(last, false));
    }
}
