package io.busbar.storage.rocksdb;

import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.TopicKey;
import io.busbar.storage.rocksdb.record.DamagedRecordException;
import io.busbar.storage.rocksdb.record.Entry;
import io.busbar.storage.rocksdb.record.Keys;
import io.busbar.storage.rocksdb.record.Values;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a store of what can be read of a damaged one, beside it, and puts it in its place. The
 * damaged files are kept.
 */
final class Recovery {
    /** An owner's number that none had before, if the number of the last one is lost. */
    private static final long FAR_EPOCH = 1 << 20;

    private static final int CHANGES_BYTES = 1 << 20;

    /** Messages before the entries that refer to them. */
    private static final List<Family> ORDER =
            List.of(
                    Family.META,
                    Family.BODY,
                    Family.HOLDERS,
                    Family.QUEUE,
                    Family.SESSION,
                    Family.RETAINED);

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Settings settings;
    private final Database source;
    private final Database target;
    private final Losses losses;
    private Changes changes = new Changes(CHANGES_BYTES);
    private int shardsSeen;

    private Recovery(Settings settings, Database source, Database target, Losses losses) {
        this.settings = settings;
        this.source = source;
        this.target = target;
        this.losses = losses;
    }

    private static Path fresh(Settings settings) {
        Path name = settings.folder().getFileName();
        return settings.folder().resolveSibling(name + ".recovered");
    }

    /** Goes on where an earlier recovery was cut short between its last two steps. */
    static void finish(Settings settings) {
        Path fresh = fresh(settings);
        if (Files.isDirectory(fresh) && !Files.exists(settings.folder())) {
            try {
                Files.move(fresh, settings.folder());
            } catch (IOException e) {
                throw cannot(settings, e);
            }
        }
    }

    /** Reads everything; returns the database, or what is made of it if something is damaged. */
    static Database check(Settings settings, Database database) throws RocksDBException {
        Losses losses = new Losses(false);
        Salvage salvage = new Salvage(database, losses);
        for (Family family : ORDER) {
            salvage.read(
                    family,
                    (key, value) -> {
                        String wrong = fault(family, key, value, database);
                        if (wrong != null) {
                            losses.add(describe(family, key), wrong);
                        }
                    });
        }
        if (losses.count() == 0) {
            LOG.info(
                    "Broker store is not damaged: recovery can be left out at the next start"
                            + " (folder={})",
                    settings.folder());
            return database;
        }
        return replace(settings, database, new Losses(true));
    }

    /**
     * Makes a store of what can be read of one that does not open: its last state whose files are
     * all there, and what its logs tell up to where they are damaged.
     *
     * @param why why it does not open
     * @param tables whether it is tables that are damaged or missing: then logs do not fit to what
     *     is left
     */
    static Database run(Settings settings, String why, boolean tables) throws RocksDBException {
        Losses losses = new Losses(true);
        losses.add("what was written since the last state that can be read", why);
        keepFiles(settings);
        return replace(settings, new Database(settings, tables), losses);
    }

    /**
     * RocksDB removes its logs when it has read them, the damaged ones too, and tables that are not
     * a part of the state that it goes back to.
     */
    private static void keepFiles(Settings settings) {
        Path kept = settings.folder().resolve("as-found");
        try (Stream<Path> files = Files.list(settings.folder())) {
            Files.createDirectories(kept);
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                Path copy = kept.resolve(name);
                if (name.endsWith(".log") || name.startsWith("MANIFEST-")) {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                } else if (name.endsWith(".sst") && !Files.exists(copy)) {
                    link(file, copy);
                }
            }
        } catch (IOException e) {
            throw cannot(settings, e);
        }
    }

    /** A table never changes, so it takes no room twice, where the disk can do that. */
    private static void link(Path file, Path copy) throws IOException {
        try {
            Files.createLink(copy, file);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Database replace(Settings settings, Database source, Losses losses)
            throws RocksDBException {
        Path fresh = fresh(settings);
        Path kept =
                settings.folder()
                        .resolveSibling(
                                settings.folder().getFileName()
                                        + ".damaged-"
                                        + System.currentTimeMillis());
        try {
            deleteTree(fresh);
            Files.createDirectory(fresh, Opening.ownerOnly());
            try (source;
                    Database target = new Database(settings.withFolder(fresh), false)) {
                new Recovery(settings, source, target, losses).copy();
            }
            Files.move(settings.folder(), kept);
            Files.move(fresh, settings.folder());
        } catch (IOException | UncheckedIOException e) {
            throw cannot(settings, e);
        }
        LOG.warn(
                "Broker store recovered, {} losses are listed above; the damaged files are in {}"
                        + " (folder={})",
                losses.count(),
                kept,
                settings.folder());
        return new Database(settings, false);
    }

    private void copy() throws RocksDBException {
        Salvage salvage = new Salvage(source, losses);
        for (Family family : ORDER) {
            salvage.read(family, (key, value) -> copy(family, key, value));
            write(false);
        }
        completeMeta();
        write(true);
    }

    private void copy(Family family, byte[] key, byte[] value) throws RocksDBException {
        String wrong = fault(family, key, value, target);
        if (wrong != null) {
            losses.add(describe(family, key), wrong);
            return;
        }
        if (family != Family.META && family != Family.RETAINED) {
            shardsSeen = Math.max(shardsSeen, Keys.shardOf(key) + 1);
        }
        changes.put(target.id(family), key, value);
        if (changes.bytes() > CHANGES_BYTES) {
            write(false);
        }
    }

    private void write(boolean sync) throws RocksDBException {
        target.write(changes.toBytes(), sync);
        changes = new Changes(CHANGES_BYTES);
    }

    /** What the store knew about itself, where it is lost, as far as it can be told. */
    private void completeMeta() throws RocksDBException {
        int meta = target.id(Family.META);
        boolean lost = false;
        if (Meta.read(target, Meta.FORMAT) == 0) {
            lost = true;
            changes.put(meta, Meta.FORMAT, Values.number(Formats.CURRENT.current()));
        }
        long shards = Meta.read(target, Meta.SHARDS);
        if (shards == 0) {
            lost = true;
            shards = settings.shards();
            if (shards < shardsSeen) {
                throw new StorageException(
                        "Broker store "
                                + settings.folder()
                                + " cannot be recovered: the number of its shards is lost. Set"
                                + " shards in io.busbar.storage.rocksdb.cfg to what it was when it"
                                + " was made, at least "
                                + shardsSeen
                                + ".");
            }
            changes.put(meta, Meta.SHARDS, Values.number(shards));
        }
        for (int shard = 0; shard < shards; shard++) {
            if (Meta.read(target, Meta.epoch(shard)) == 0 && (lost || losses.count() > 0)) {
                changes.put(meta, Meta.epoch(shard), Values.number(FAR_EPOCH));
            }
        }
    }

    /**
     * What does not fit in a record, or null.
     *
     * @param bodies where the message has to be that an entry refers to
     */
    private static @Nullable String fault(
            Family family, byte[] key, byte[] value, Database bodies) {
        try {
            switch (family) {
                case META -> Values.readNumber(value);
                case BODY -> Values.readBody(value);
                case HOLDERS -> Values.readHolders(value);
                case QUEUE -> {
                    if (Keys.queueKindOf(key) != Keys.ENTRY) {
                        Values.readOutbound(value);
                        return null;
                    }
                    Entry entry = Entry.read(value);
                    byte[] body = Keys.session(Keys.shardOf(key), entry.body());
                    if (entry.message() == null && !bodies.exists(Family.BODY, body)) {
                        return "its message is missing";
                    }
                }
                case SESSION -> {
                    switch (Keys.kindOf(key)) {
                        case Keys.RECORD -> Values.readSession(value, Keys.sessionOf(key));
                        case Keys.SUBSCRIPTION ->
                                Values.readSubscription(value, Keys.filterOf(key));
                        case Keys.INBOUND -> Values.readDigest(value);
                        case Keys.RECEIVED -> Values.readNumber(value);
                        case Keys.MARK -> Values.readMark(value);
                        default -> {
                            return "it is of kind " + Keys.kindOf(key);
                        }
                    }
                }
                case RETAINED -> Values.readRetained(value, TopicKey.ofBytes(key).topic());
            }
            return null;
        } catch (DamagedRecordException | IllegalArgumentException | StorageException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String describe(Family family, byte[] key) {
        return switch (family) {
            case META -> "a number of the store";
            case BODY, HOLDERS -> "a message of several sessions";
            case QUEUE ->
                    "message " + Keys.sequenceOf(key) + " of the queue of session " + number(key);
            case SESSION ->
                    switch (Keys.kindOf(key)) {
                        case Keys.SUBSCRIPTION ->
                                "subscription " + Keys.filterOf(key) + " of session " + number(key);
                        case Keys.MARK -> "who has a message whose publisher was not answered";
                        default -> "session " + number(key);
                    };
            case RETAINED -> "the retained message of " + TopicKey.ofBytes(key);
        };
    }

    private static String number(byte[] key) {
        return Keys.sessionOf(key) + " in shard " + Keys.shardOf(key);
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static StorageException cannot(Settings settings, Exception e) {
        return new StorageException(
                "Broker store "
                        + settings.folder()
                        + " cannot be recovered: "
                        + e
                        + ". Check the owner and the free space of the folder around it.",
                e);
    }
}
