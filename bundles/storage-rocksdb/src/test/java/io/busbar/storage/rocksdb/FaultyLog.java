package io.busbar.storage.rocksdb;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** A log that fails when a test says so, before or after it has written. */
final class FaultyLog implements Log {
    /** How a write fails. */
    enum Fault {
        NONE,
        /** Nothing was written. */
        DISK_FULL,
        /** It is in the file, but nobody knows whether it is on the disk. */
        SYNC_FAILED
    }

    private final Log real;
    volatile Fault fault = Fault.NONE;
    final AtomicInteger reopened = new AtomicInteger();
    volatile @Nullable CountDownLatch hold;

    FaultyLog(Log real) {
        this.real = real;
    }

    @Override
    public void write(byte[] changes, boolean sync) throws RocksDBException {
        CountDownLatch gate = hold;
        if (gate != null) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        switch (fault) {
            case DISK_FULL ->
                    throw new RocksDBException(
                            new Status(
                                    Status.Code.IOError,
                                    Status.SubCode.NoSpace,
                                    "No space left on device: while appending"));
            case SYNC_FAILED -> {
                real.write(changes, sync);
                throw new RocksDBException(
                        new Status(
                                Status.Code.IOError,
                                Status.SubCode.None,
                                "Input/output error: while fdatasync"));
            }
            case NONE -> real.write(changes, sync);
        }
    }

    @Override
    public void reopen() throws RocksDBException {
        if (fault != Fault.NONE) {
            throw new RocksDBException("still out of order");
        }
        reopened.incrementAndGet();
        real.reopen();
    }

    @Override
    public byte @Nullable [] meta(byte[] key) throws RocksDBException {
        return real.meta(key);
    }
}
