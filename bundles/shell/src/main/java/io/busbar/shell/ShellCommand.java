package io.busbar.shell;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.HashingUnavailableException;
import io.busbar.api.memory.MemoryShortException;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.StorageException;
import io.busbar.api.uns.NamespaceFullException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.NoSuchElementException;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.jspecify.annotations.Nullable;

/**
 * The base of all commands: where they print, who runs them, and how errors are shown: as one
 * sentence without a stack trace.
 */
public abstract class ShellCommand implements Action {
    @Reference @Nullable Session session;

    @Override
    public final @Nullable Object execute() throws Exception {
        try {
            run(out());
            return null;
        } catch (IllegalArgumentException
                | IllegalStateException
                | NoSuchElementException
                | ConflictException
                | NamespaceFullException
                | StorageException
                | HashingUnavailableException
                | MemoryShortException
                | IOException e) {
            String text = e.getMessage() == null ? e.toString() : e.getMessage();
            throw new CommandException(text, text, e);
        }
    }

    /** Does what the command is for. */
    abstract void run(PrintStream out) throws IOException;

    private PrintStream out() {
        return need(session, "session").getConsole();
    }

    Session session() {
        return need(session, "session");
    }

    /** Who runs the command, for the record. */
    Actor actor() {
        Object user = session().get("USER");
        return Actor.shell(user == null ? "shell" : user.toString());
    }

    /** The service, or a sentence about its absence. */
    static <T> T need(@Nullable T service, String name) {
        if (service == null) {
            throw new IllegalStateException(
                    "The " + name + " is not running. See 'bundle:list' and 'log:tail'.");
        }
        return service;
    }

    /** Says below a table that it has not all rows. */
    static void more(PrintStream out, int all, int shown) {
        if (all > shown) {
            out.println("… " + (all - shown) + " more (--limit)");
        }
    }

    /** How long ago something was, for a column. */
    static String ago(@Nullable Instant then, Instant now) {
        if (then == null) {
            return "-";
        }
        Duration age = Duration.between(then, now);
        long seconds = Math.max(0, age.toSeconds());
        return seconds < 60
                ? seconds + " s"
                : seconds < 3600
                        ? seconds / 60 + " min"
                        : seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
    }

    static String time(@Nullable Instant at) {
        return at == null ? "-" : at.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    static String orDash(@Nullable String text) {
        return text == null || text.isEmpty() ? "-" : printable(text);
    }

    /** What clients send may hold anything: control characters must not reach a terminal. */
    static String printable(String text) {
        StringBuilder safe = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean harmful = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
            if (harmful && safe == null) {
                safe = new StringBuilder(text.length()).append(text, 0, i);
            }
            if (safe != null) {
                safe.append(harmful ? '\uFFFD' : c);
            }
        }
        return safe == null ? text : safe.toString();
    }
}
