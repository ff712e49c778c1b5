package io.busbar.storage.rocksdb;

import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StorageException.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that there is no more room before the disk is full: what is left is for what makes room,
 * such as acknowledgements, and for RocksDB to sort its files. Ends by itself when there is room
 * again, with a distance, so that it does not flicker.
 */
final class SpaceGuard implements Space {
    private static final Logger LOG = LoggerFactory.getLogger(SpaceGuard.class);

    private final Settings settings;
    private final Disk disk;
    private volatile boolean diskFull;
    private volatile long usedBytes;
    private volatile @Nullable StorageException trouble;

    SpaceGuard(Settings settings, Disk disk) {
        this.settings = settings;
        this.disk = disk;
        look();
    }

    @Override
    public @Nullable StorageException trouble() {
        return trouble;
    }

    @Override
    public boolean isDiskFull() {
        return diskFull;
    }

    /** What the files took at the last look. */
    long usedBytes() {
        return usedBytes;
    }

    /** Looks at the disk; to be called once a second. */
    void look() {
        StorageException before = trouble;
        long reserve = settings.reserveBytes();
        long free = disk.usableBytes(settings.folder());
        diskFull = free < (diskFull ? reserve + reserve / 4 : reserve);
        long most = settings.maxBytes();
        Disk.Use use = disk.use(settings.folder());
        usedBytes = use.all();
        long used = use.tables();
        boolean tooLarge = most > 0 && used >= (before == null ? most : most - most / 10);
        if (!diskFull && !tooLarge) {
            trouble = null;
            if (before != null) {
                LOG.info("Broker store has room again (folder={})", settings.folder());
            }
        } else if (before == null) {
            StorageException now = diskFull ? full(free) : tooLarge(used);
            trouble = now;
            LOG.error(now.getMessage());
        }
    }

    private StorageException full(long free) {
        return new StorageException(
                Kind.FULL,
                "Broker store "
                        + settings.folder()
                        + " takes nothing more in: only "
                        + free / Settings.MB
                        + " MB of the disk are free and "
                        + settings.reserveBytes() / Settings.MB
                        + " MB are kept in reserve. Free some space; it goes on by itself.");
    }

    private StorageException tooLarge(long used) {
        return new StorageException(
                Kind.FULL,
                "Broker store "
                        + settings.folder()
                        + " takes nothing more in: it has reached "
                        + used / Settings.MB
                        + " MB and max.bytes allows "
                        + settings.maxBytes() / Settings.MB
                        + " MB. Let subscribers fetch their messages, delete sessions that nobody"
                        + " needs, or raise max.bytes in io.busbar.storage.rocksdb.cfg.");
    }
}
