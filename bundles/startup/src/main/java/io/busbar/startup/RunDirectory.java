package io.busbar.startup;

import com.google.gson.JsonObject;
import io.busbar.api.broker.ListenerView;
import io.busbar.json.Json;
import io.busbar.json.JsonShape;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The folder that tells other programs about the running server, and that proves that only one runs
 * on a data folder. Files are readable by the owner only and replaced in one step. Thread-safe.
 */
final class RunDirectory implements AutoCloseable {
    /** Written by the launcher and by Karaf; each has the number of this process. */
    private static final List<String> PID_FILES = List.of("pid", "karaf.pid");

    private final Path directory;
    private @Nullable FileChannel lockFile;

    RunDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * Claims the data folder for this process. The lock is beside this folder, which is made anew
     * at every start: a lock on a file that was deleted holds nobody off.
     */
    synchronized void claim() throws IOException, CannotStartException {
        Files.createDirectories(directory);
        FileChannel channel =
                FileChannel.open(
                        directory.resolveSibling("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException ours) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new CannotStartException(
                    "another Busbar is using "
                            + directory.getParent()
                            + ": stop it first, or choose another folder with --data DIR");
        }
        lockFile = channel;
    }

    /** Writes {@code endpoints.json}: the actual addresses, port 0 resolved. */
    synchronized void writeEndpoints(Addresses addresses) throws IOException {
        JsonObject json =
                new JsonShape()
                        .put("pid", ProcessHandle.current().pid())
                        .put("console", addresses.console())
                        .put("mqtt", JsonShape.array(addresses.listening(), RunDirectory::toJson))
                        .build();
        write("endpoints.json", Json.writePretty(json) + "\n");
    }

    private static JsonObject toJson(ListenerView listener) {
        return new JsonShape()
                .put("name", listener.name())
                .put("transport", listener.transport().name().toLowerCase(Locale.ROOT))
                .put("host", listener.host())
                .put("port", listener.port())
                .put("path", listener.path())
                .put("uri", listener.reachableUri())
                .put("proxyProtocol", listener.proxied())
                .build();
    }

    /** Writes the one-time link, for those who did not see the terminal. */
    synchronized void writeSetupLink(String link) throws IOException {
        write("setup-link", link + "\n");
    }

    synchronized void deleteSetupLink() throws IOException {
        Files.deleteIfExists(directory.resolve("setup-link"));
    }

    @Override
    public synchronized void close() {
        try {
            Files.deleteIfExists(directory.resolve("endpoints.json"));
            Files.deleteIfExists(directory.resolve("setup-link"));
            for (String name : PID_FILES) {
                deleteIfOwn(directory.resolve(name));
            }
            FileChannel channel = lockFile;
            lockFile = null;
            if (channel != null) {
                channel.close();
            }
        } catch (IOException ignored) {
            // The folder is made anew at the next start.
        }
    }

    /** A file of another process stays. */
    private static void deleteIfOwn(Path file) throws IOException {
        String own = Long.toString(ProcessHandle.current().pid());
        if (Files.exists(file) && Files.readString(file).strip().equals(own)) {
            Files.delete(file);
        }
    }

    private void write(String name, String text) throws IOException {
        Path fresh = directory.resolve(name + ".new");
        Files.deleteIfExists(fresh);
        try {
            Files.createFile(
                    fresh,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        } catch (UnsupportedOperationException noPosix) {
            Files.createFile(fresh);
        }
        Files.writeString(fresh, text);
        Files.move(
                fresh,
                directory.resolve(name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
