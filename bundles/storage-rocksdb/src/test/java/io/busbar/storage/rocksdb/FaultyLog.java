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

    /** So many writes more succeed before the fault shows. */
    final AtomicInteger stillGood = new AtomicInteger();

    final AtomicInteger reopened = new AtomicInteger();
    volatile @Nullable CountDownLatch hold;

    /** Counted down when a write waits for {@link #hold}. */
    volatile CountDownLatch held = new CountDownLatch(1);

    FaultyLog(Log real) {
        this.real = real;
    }

    @Override
    public void write(byte[] changes, boolean sync) throws RocksDBException {
        CountDownLatch gate = hold;
        if (gate != null) {
            held.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        switch (stillGood.getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? Fault.NONE : fault) {
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
