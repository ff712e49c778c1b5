package io.busbar.shell;

import io.busbar.api.backup.Backup;
import io.busbar.api.backup.Backups;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.jspecify.annotations.Nullable;

/** Makes a backup of the running server and waits for it. */
@Service
@Command(
        scope = "edge",
        name = "backup",
        description =
                "Writes the broker's state, the documents and the configuration into one file;"
                        + " 'busbar restore' reads it")
public final class BackupCommand extends ShellCommand {
    private static final int KIB = 1 << 10;

    @Reference(optional = true)
    @Nullable Backups backups;

    @Argument(name = "DIR", description = "The folder of the file; by default the configured one")
    @Completion(FileCompleter.class)
    @Nullable String folder;

    @Override
    void run(PrintStream out) throws IOException {
        Backups service = need(backups, "backup service");
        Path into = folder == null ? null : session().currentDir().resolve(folder);
        Backups.Started started = service.start(into, actor());
        out.println("Making " + started.backup().file() + " ...");
        Backup end;
        try {
            end = started.end().toCompletableFuture().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException left =
                    new InterruptedIOException("The backup goes on; the log says how it ends.");
            left.initCause(e);
            throw left;
        } catch (ExecutionException e) {
            throw new IllegalStateException("The backup failed: " + e.getCause() + ".", e);
        }
        if (end.failure() != null) {
            throw new IOException(end.failure());
        }
        out.println(
                "Made "
                        + end.file()
                        + ": "
                        + (end.sizeBytes() + KIB - 1) / KIB
                        + " KiB, "
                        + (end.totalBytes() + KIB - 1) / KIB
                        + " KiB of data.");
    }
}
