package io.busbar.storage.rocksdb;

import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StorageException.Kind;
import io.busbar.storage.rocksdb.record.DamagedRecordException;
import io.busbar.storage.rocksdb.record.Values;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes commits, in the order in which they come. One thread writes whatever waits as one group
 * with one sync, so the more commits come at a time the less each of them costs.
 *
 * <p>A group that cannot be written is kept and tried again until it can, before all others. Each
 * part of a group has a number that is written with it. So it is known after a failure which of
 * them were written nevertheless, and none is written twice: an entry that is put twice would come
 * back when it is removed once.
 */
final class Committer implements AutoCloseable {
    /** A commit of any size is a group of its own if need be. */
    private static final int GROUP_BYTES = 4 << 20;

    /**
     * A group is written in parts of so many bytes, with one sync after the last: an array of more
     * than half a megabyte costs the garbage collector a cycle.
     */
    private static final int PART_BYTES = 384 << 10;

    /**
     * From so many bytes or commits on that wait, publishers should be held; from half of them on
     * no more.
     */
    private static final long MOST_BYTES = 16 << 20;

    private static final int MOST_COMMITS = 20_000;

    private static final long RETRY_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    /** Changes that wait. */
    private record Waiting(Changes changes, boolean sync, CompletableFuture<Void> done) {}

    private final Log log;
    private final Path folder;
    private final Space space;
    private final Thread thread = new Thread(this::run, "busbar-storage-commit");
    private final Object lock = new Object();

    /** In their order. With {@link #writableActions} and {@link #closing} guarded by the lock. */
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    private final List<Runnable> writableActions = new ArrayList<>();
    private boolean closing;
    private boolean idle;

    /** The group that is being written. Belongs to the thread. */
    private final List<Waiting> writing = new ArrayList<>();

    /** What waits or is being written. */
    private volatile long bytes;

    private volatile int commits;
    private volatile @Nullable StorageException trouble;

    /** The number of the last part that is written. */
    private long part;

    /** The number of the last part that is on the disk. */
    private long safe;

    /**
     * So many of the commits that wait were told to have failed. Until they are written it is no
     * end of the trouble that it can be written again. Guarded by the lock.
     */
    private int told;

    /** Whether it can be written again after a trouble. Guarded by the lock. */
    private boolean recovering;

    /** Begins to write. */
    Committer(Log log, Path folder, Space space) throws RocksDBException {
        this.log = log;
        this.folder = folder;
        this.space = space;
        part = Meta.read(log, Meta.GROUP);
        safe = part; // it is on the disk whatever is read when a store is opened
        thread.setDaemon(true);
        thread.setPriority(Thread.MAX_PRIORITY); // acknowledgements wait for it
        thread.start();
    }

    /**
     * Hands over changes. They are not looked at again by the caller.
     *
     * @param taken asked under the lock whether they may be written
     */
    CompletionStage<Void> commit(Changes changes, boolean sync, BooleanSupplier taken) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        StorageException why;
        synchronized (lock) {
            if (closing) {
                return CompletableFuture.failedFuture(Failures.closed(folder));
            }
            if (!taken.getAsBoolean()) {
                return CompletableFuture.failedFuture(
                        new StorageException(
                                Kind.GONE,
                                "Another owner has taken this part of the broker store, or it is"
                                        + " closed."));
            }
            waiting.add(new Waiting(changes, sync, done));
            bytes = bytes + changes.bytes();
            commits = commits + 1;
            why = recovering ? null : trouble;
            if (idle) {
                idle = false;
                lock.notifyAll();
            }
        }
        if (why != null) {
            done.completeExceptionally(why);
        }
        return done;
    }

    /** Runs something between two commits. */
    void exclusively(Runnable action) {
        synchronized (lock) {
            action.run();
        }
    }

    /** Why it cannot write at present, or should not, or null. */
    @Nullable StorageException trouble() {
        StorageException failed = trouble;
        return failed != null ? failed : space.trouble();
    }

    /** Whether it keeps up and has no trouble. */
    boolean isWritable() {
        return bytes < MOST_BYTES && commits < MOST_COMMITS && trouble() == null;
    }

    /** Runs the action as soon as it keeps up and has no trouble. */
    void onWritable(Runnable action) {
        synchronized (lock) {
            if (!isWritable() && !closing) {
                writableActions.add(action);
                return;
            }
        }
        action.run();
    }

    /** Looks whether those who wait until it is writable may go on. */
    void runWritableActions() {
        List<Runnable> actions;
        synchronized (lock) {
            boolean caughtUp = bytes <= MOST_BYTES / 2 && commits <= MOST_COMMITS / 2;
            if (writableActions.isEmpty() || !closing && !(caughtUp && trouble() == null)) {
                return;
            }
            actions = List.copyOf(writableActions);
            writableActions.clear();
        }
        for (Runnable action : actions) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.error("Going on after the broker store kept up failed", e);
            }
        }
    }

    private void run() {
        while (take(writing)) {
            boolean sync = false;
            for (Waiting each : writing) {
                sync |= each.sync;
            }
            List<List<Waiting>> parts = parts(writing);
            if (!write(parts, sync)) {
                return;
            }
            part += parts.size();
            finish(writing);
            writing.clear();
        }
    }

    /** Waits for commits; false if there are none any more. */
    private boolean take(List<Waiting> into) {
        synchronized (lock) {
            while (waiting.isEmpty()) {
                if (closing) {
                    return false;
                }
                idle = true;
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    // Nobody interrupts this thread; it ends when it is closed.
                    Thread.interrupted();
                }
            }
            idle = false;
            long size = 0;
            while (!waiting.isEmpty()) {
                size += waiting.peek().changes.bytes();
                if (size > GROUP_BYTES && !into.isEmpty()) {
                    break;
                }
                into.add(waiting.poll());
            }
            return true;
        }
    }

    /** Divides a group; a commit is in one part, however large it is. */
    private static List<List<Waiting>> parts(List<Waiting> group) {
        List<List<Waiting>> parts = new ArrayList<>();
        int from = 0;
        long size = 0;
        for (int i = 0; i < group.size(); i++) {
            int more = group.get(i).changes.bytes();
            if (size + more > PART_BYTES && i > from) {
                parts.add(group.subList(from, i));
                from = i;
                size = 0;
            }
            size += more;
        }
        parts.add(group.subList(from, group.size()));
        return parts;
    }

    private byte[] encode(List<Waiting> commits, long number) {
        Changes mark = new Changes(64);
        mark.put(0, Meta.GROUP, Values.number(number));
        int length = Changes.HEADER_BYTES + WalMark.BYTES + mark.bytes();
        int count = mark.count();
        for (Waiting each : commits) {
            length += each.changes.bytes();
            count += each.changes.count();
        }
        byte[] whole = new byte[length];
        int at = new WalMark(number, safe).writeTo(whole, Changes.HEADER_BYTES);
        for (Waiting each : commits) {
            at = each.changes.copyTo(whole, at);
        }
        mark.copyTo(whole, at);
        Changes.writeCount(whole, count);
        return whole;
    }

    /** Writes a group, however often that has to be tried; false if it never could be. */
    private boolean write(List<List<Waiting>> parts, boolean sync) {
        try {
            int last = parts.size() - 1;
            for (int i = 0; i <= last; i++) {
                log.write(encode(parts.get(i), part + 1 + i), sync && i == last);
            }
            if (sync) {
                safe = part + parts.size();
            }
            return true;
        } catch (RocksDBException e) {
            fail(Failures.unwritten(folder, e));
        } catch (StorageException e) {
            fail(e);
        }
        while (true) {
            boolean last = !pause();
            try {
                if (last || !space.isDiskFull()) {
                    log.reopen();
                    safe = Meta.read(log, Meta.GROUP);
                    // Less than none if the disk has lost what nobody was told to be safe.
                    long written = Math.max(0, safe - part);
                    for (int i = (int) written; i < parts.size(); i++) {
                        log.write(encode(parts.get(i), part + 1 + i), true);
                        safe = part + 1 + i;
                    }
                    synchronized (lock) {
                        recovering = true;
                        told = parts.stream().mapToInt(List::size).sum() + waiting.size();
                    }
                    return true;
                }
            } catch (RocksDBException e) {
                fail(Failures.unwritten(folder, e));
            } catch (StorageException | DamagedRecordException e) {
                fail(e instanceof StorageException known ? known : Failures.damaged(folder, e));
            }
            if (last) {
                LOG.error(
                        "Broker store closed while it could not be written: {} commits are lost"
                                + " (folder={})",
                        commits,
                        folder);
                return false;
            }
        }
    }

    /** Waits before the next try; false if there will be no other. */
    private boolean pause() {
        synchronized (lock) {
            long end = System.nanoTime() + RETRY_MILLIS * 1_000_000;
            for (long left = RETRY_MILLIS; !closing && left > 0; ) {
                try {
                    lock.wait(left);
                } catch (InterruptedException e) {
                    Thread.interrupted();
                }
                left = (end - System.nanoTime()) / 1_000_000;
            }
            return !closing;
        }
    }

    /** Tells everybody who waits. Their changes stay. */
    private void fail(StorageException why) {
        List<Waiting> failed;
        boolean first;
        synchronized (lock) {
            first = trouble == null;
            trouble = why;
            recovering = false;
            failed = new ArrayList<>(writing);
            failed.addAll(waiting);
        }
        if (first) {
            LOG.error("{} (commits kept: {})", why.getMessage(), failed.size());
        }
        for (Waiting each : failed) {
            each.done.completeExceptionally(why);
        }
    }

    private void finish(List<Waiting> written) {
        long size = 0;
        for (Waiting each : written) {
            size += each.changes.bytes();
        }
        synchronized (lock) {
            bytes = bytes - size;
            commits = commits - written.size();
            if (recovering) {
                told -= written.size();
                if (told <= 0) {
                    recovering = false;
                    trouble = null;
                    LOG.info("Broker store can be written again (folder={})", folder);
                }
            }
        }
        for (Waiting each : written) {
            each.done.complete(null);
        }
        runWritableActions();
    }

    /** Writes what waits, or tries to once more, and ends. */
    @Override
    public void close() {
        synchronized (lock) {
            closing = true;
            idle = false;
            lock.notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        runWritableActions();
    }
}
