package io.busbar.web.door;

import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.HttpCounters.Cause;
import io.busbar.web.http.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Large bodies of requests, which are kept in files until they are handled: a few at once, and only
 * as long as the disk has some room left for what must not fail. A file that a crash has left
 * behind is deleted at the next start. Thread-safe.
 */
final class BodyFiles {
    private static final Logger LOG = LoggerFactory.getLogger(BodyFiles.class);
    private static final String SUFFIX = ".body";

    /** Bytes of the disk that bodies do not take. */
    private static final long RESERVE = 256L << 20;

    /** How often the room on the disk is looked at: whenever so many bytes have been written. */
    private static final long LOOK_AFTER = 8L << 20;

    private final Path folder;
    private final IntSupplier maximum;
    private final HttpCounters counters;
    private final AtomicInteger open = new AtomicInteger();

    /**
     * Deletes what was left in a folder of our own.
     *
     * @param maximum how many files there may be at once
     */
    BodyFiles(Path folder, IntSupplier maximum, HttpCounters counters) {
        this.folder = folder;
        this.maximum = maximum;
        this.counters = counters;
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
                for (Path each : left) {
                    Files.deleteIfExists(each);
                }
            } catch (IOException e) {
                LOG.warn("Bodies of requests from before cannot be deleted (folder={})", folder, e);
            }
        }
    }

    /** How many there are. */
    int count() {
        return open.get();
    }

    /**
     * Makes a file for one body.
     *
     * @throws Problem busy if there are as many as there may be
     */
    BodyFile begin() throws IOException {
        if (open.incrementAndGet() > maximum.getAsInt()) {
            open.decrementAndGet();
            counters.count(Cause.BODIES_FULL);
            throw Problem.busy("As many large bodies are being received as may be at once.")
                    .withHeader("Connection", "close");
        }
        try {
            Files.createDirectories(folder);
            return new BodyFile(Files.createTempFile(folder, "", SUFFIX));
        } catch (IOException e) {
            open.decrementAndGet();
            throw e;
        }
    }

    /** One body. Written by one thread at a time; closed by any. */
    final class BodyFile implements AutoCloseable {
        private final Path path;
        private final FileChannel channel;
        private long size;
        private long lookAt;
        private boolean closed;

        BodyFile(Path path) throws IOException {
            this.path = path;
            this.channel = FileChannel.open(path, StandardOpenOption.WRITE);
        }

        Path path() {
            return path;
        }

        long size() {
            return size;
        }

        /**
         * Adds bytes.
         *
         * @throws Problem busy if the disk is nearly full
         */
        void write(byte[] bytes, int length) throws IOException {
            if (size >= lookAt) {
                lookAt = size + LOOK_AFTER;
                if (Files.getFileStore(path).getUsableSpace() < RESERVE + LOOK_AFTER) {
                    counters.count(Cause.BODIES_FULL);
                    throw Problem.busy("The disk of the data folder is nearly full.")
                            .withHeader("Connection", "close");
                }
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
            while (buffer.hasRemaining()) {
                size += channel.write(buffer);
            }
        }

        /** Deletes the file. */
        @Override
        public synchronized void close() {
            if (closed) {
                return;
            }
            closed = true;
            open.decrementAndGet();
            try {
                channel.close();
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new UncheckedIOException("the file of a body cannot be deleted", e);
            }
        }
    }
}
