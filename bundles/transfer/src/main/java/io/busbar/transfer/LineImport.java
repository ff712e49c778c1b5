package io.busbar.transfer;

import io.busbar.api.storage.StorageException;
import io.busbar.api.transfer.CredentialState;
import io.busbar.api.transfer.ImportReport;
import io.busbar.api.transfer.ImportRule;
import io.busbar.api.transfer.MalformedStateException;
import io.busbar.api.transfer.StatePart;
import io.busbar.transfer.Tally.Figure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads lines one after the other, and hands each to whom it belongs. Confined to one thread. */
final class LineImport {
    private final LineInput input;
    private final ImportRule rule;
    private final Tally tally;
    private final CredentialState.Arrivals credentials;
    private final RetainedImport retained;
    private final SessionImport sessions;
    private boolean complete;

    LineImport(
            LineInput input,
            ImportRule rule,
            Tally tally,
            CredentialState.Arrivals credentials,
            RetainedImport retained,
            SessionImport sessions) {
        this.input = input;
        this.rule = rule;
        this.tally = tally;
        this.credentials = credentials;
        this.retained = retained;
        this.sessions = sessions;
    }

    /**
     * Reads everything.
     *
     * @throws MalformedStateException if the first line is not that of an export
     * @throws StorageException if what was read cannot be kept; its message says at which line, and
     *     what was made before
     */
    ImportReport run() throws IOException {
        readHeader();
        try {
            boolean more = true;
            while (more) {
                more = readLine();
            }
            sessions.cut();
            sessions.settle();
            retained.settle();
        } catch (StorageException e) {
            throw new StorageException(
                    "line "
                            + input.number()
                            + ": "
                            + e.getMessage()
                            + ". Until then: "
                            + tally.report(rule.dryRun(), false).parts(),
                    e);
        }
        if (!complete) {
            tally.problem(
                    input.number(),
                    "the last line of an export is not there: the file is cut short, or was"
                            + " changed");
        }
        return tally.report(rule.dryRun(), complete);
    }

    private void readHeader() throws IOException {
        Line first;
        try {
            String text = input.next();
            if (text == null) {
                throw new MalformedStateException("The file is empty.");
            }
            first = Line.read(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedStateException(
                    "The first line is not that of an export: "
                            + Tally.brief(e.getMessage())
                            + ".");
        }
        if (!(first instanceof Line.Header header)) {
            throw new MalformedStateException(
                    "The first line is not that of an export (expected: its type is"
                            + " busbar-state).");
        }
        if (header.version() != Line.Header.VERSION) {
            throw new MalformedStateException(
                    "The export has version "
                            + header.version()
                            + ", and this server reads version "
                            + Line.Header.VERSION
                            + ".");
        }
    }

    private boolean readLine() throws IOException {
        try {
            String text = input.next();
            if (text == null) {
                return false;
            }
            if (!text.isBlank()) {
                take(text, Line.read(text));
            }
        } catch (IllegalArgumentException e) {
            tally.problem(input.number(), e.getMessage());
        }
        return true;
    }

    private void take(String text, Line line) {
        StatePart part = partOf(line);
        if (part != StatePart.SESSIONS) {
            sessions.complete();
        }
        if (part != null && !rule.parts().contains(part)) {
            return;
        }
        if (line instanceof Line.Moved) {
            tally.add(StatePart.CREDENTIALS, figureOf(credentials.take(text)), 1);
        } else if (line instanceof Line.Retained it) {
            // Or those who have subscribed to it would not get it.
            sessions.settle();
            retained.take(input.number(), it.message());
        } else if (line instanceof Line.SessionLine it) {
            // Or they would wait for messages that are retained only after them.
            retained.settle();
            sessions.begin(input.number(), it);
        } else if (line instanceof Line.SubscriptionLine it) {
            sessions.subscribe(it);
        } else if (line instanceof Line.Queued it) {
            sessions.queue(it);
        } else if (line instanceof Line.End end) {
            complete = end.lines() == input.number() - 1;
        } else {
            throw new IllegalArgumentException("a first line in the middle");
        }
    }

    private static Figure figureOf(CredentialState.Outcome outcome) {
        return switch (outcome) {
            case CREATED -> Figure.CREATED;
            case REPLACED -> Figure.REPLACED;
            case EXISTS -> Figure.SKIPPED;
        };
    }

    /** What a line is a part of; null if it is about the file. */
    private static @Nullable StatePart partOf(Line line) {
        if (line instanceof Line.Moved) {
            return StatePart.CREDENTIALS;
        }
        if (line instanceof Line.Retained) {
            return StatePart.RETAINED;
        }
        return line instanceof Line.Header || line instanceof Line.End ? null : StatePart.SESSIONS;
    }
}
