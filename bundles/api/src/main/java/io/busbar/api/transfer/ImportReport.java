package io.busbar.api.transfer;

import java.util.List;
import java.util.Map;

/**
 * What an import made.
 *
 * @param dryRun whether it only would have
 * @param complete whether the last line of an export was there, and as many lines before it as it
 *     says
 * @param parts of each part what became of it
 * @param problems what was wrong with lines, in their order; the first ones if there are many
 * @param moreProblems how many are not listed
 */
public record ImportReport(
        boolean dryRun,
        boolean complete,
        Map<StatePart, Count> parts,
        List<Problem> problems,
        long moreProblems) {
    /** Most problems that are listed. */
    public static final int MOST_PROBLEMS = 100;

    public ImportReport {
        parts = Map.copyOf(parts);
        problems = List.copyOf(problems);
    }

    /**
     * What became of the credentials, retained messages or sessions of a file.
     *
     * @param created were not there before
     * @param replaced took the place of others
     * @param skipped were left alone: they exist already, or their time is over
     * @param messages queued messages of the sessions that were made
     */
    public record Count(long created, long replaced, long skipped, long messages) {}

    /**
     * What is wrong with a line.
     *
     * @param line its number, from 1
     * @param message for people
     */
    public record Problem(long line, String message) {
        @Override
        public String toString() {
            return "line " + line + ": " + message;
        }
    }
}
