package io.busbar.itests.karaf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.AssumptionViolatedException;

/** A disk of its own, in memory, which can be filled. */
final class SmallDisk implements AutoCloseable {
    private static final int BLOCK = 4096;
    private static final int STEP = 1 << 16;
    private static final long AGAIN_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final Path folder;
    private final Path ballast;

    private SmallDisk(Path folder) {
        this.folder = folder;
        this.ballast = folder.resolve("ballast");
    }

    /** Mounts it, or leaves the test out where that is not allowed. */
    static SmallDisk mount(Path folder, String options) throws Exception {
        try {
            Server.run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString());
        } catch (IOException notAllowed) {
            throw new AssumptionViolatedException(
                    "left out, because a disk can be mounted by root only", notAllowed);
        }
        return new SmallDisk(folder);
    }

    Path folder() {
        return folder;
    }

    long freeBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    /** Fills it, or makes room, until about so many bytes are free. */
    void leave(long bytes) throws IOException {
        try (FileChannel file =
                FileChannel.open(ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long more = freeBytes() - bytes;
            if (more < 0) {
                file.truncate(Math.max(0, file.size() + more));
            }
            file.position(file.size());
            while (more > BLOCK) {
                file.write(ByteBuffer.allocate((int) Math.min(STEP, more)));
                more = freeBytes() - bytes;
            }
        }
    }

    /** Takes all that is free, and whatever becomes free, at once, until it is closed. */
    Thief thief() {
        return new Thief();
    }

    /** See {@link #thief}. */
    final class Thief implements AutoCloseable {
        private final Path loot = folder.resolve("loot");
        private final Thread thread = new Thread(this::run, "thief");
        private volatile boolean stopped;

        private Thief() {
            thread.start();
        }

        private void run() {
            while (!stopped) {
                try (FileChannel file =
                        FileChannel.open(
                                loot, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                    while (!stopped) {
                        file.write(ByteBuffer.allocate(BLOCK));
                    }
                } catch (IOException full) {
                    LockSupport.parkNanos(AGAIN_NANOS);
                }
            }
        }

        boolean hasAll() throws IOException {
            return freeBytes() == 0;
        }

        @Override
        public void close() throws Exception {
            stopped = true;
            thread.join(Duration.ofSeconds(10).toMillis());
            Files.deleteIfExists(loot);
        }
    }

    @Override
    public void close() throws Exception {
        Server.run("umount", "-l", folder.toString());
    }
}
