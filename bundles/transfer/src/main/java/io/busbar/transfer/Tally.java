package io.busbar.transfer;

import io.busbar.api.transfer.ImportReport;
import io.busbar.api.transfer.StatePart;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what becomes of lines, and keeps the first of what is wrong, by line. Not thread-safe. */
final class Tally {
    private static final int LONGEST_MESSAGE = 400;

    private final Map<StatePart, long[]> parts = new EnumMap<>(StatePart.class);
    private final List<ImportReport.Problem> problems = new ArrayList<>();
    private long moreProblems;

    /** What is counted. */
    enum Figure {
        CREATED,
        REPLACED,
        SKIPPED,
        MESSAGES
    }

    Tally() {
        for (StatePart part : StatePart.values()) {
            parts.put(part, new long[Figure.values().length]);
        }
    }

    void add(StatePart part, Figure figure, long more) {
        long[] figures = parts.get(part);
        if (figures != null) {
            figures[figure.ordinal()] += more;
        }
    }

    /** Something is wrong with a line; some lines are answered later than those behind them. */
    void problem(long line, @Nullable String message) {
        int at = problems.size();
        while (at > 0 && problems.get(at - 1).line() > line) {
            at--;
        }
        problems.add(at, new ImportReport.Problem(line, brief(message)));
        if (problems.size() > ImportReport.MOST_PROBLEMS) {
            problems.remove(problems.size() - 1);
            moreProblems++;
        }
    }

    /** A message without most of what it may quote: a name in a file can be as long as a line. */
    static String brief(@Nullable String message) {
        String text = String.valueOf(message);
        return text.length() <= LONGEST_MESSAGE
                ? text
                : text.substring(0, LONGEST_MESSAGE - 1) + "…";
    }

    ImportReport report(boolean dryRun, boolean complete) {
        Map<StatePart, ImportReport.Count> counts = new EnumMap<>(StatePart.class);
        parts.forEach(
                (part, figures) ->
                        counts.put(
                                part,
                                new ImportReport.Count(
                                        figures[Figure.CREATED.ordinal()],
                                        figures[Figure.REPLACED.ordinal()],
                                        figures[Figure.SKIPPED.ordinal()],
                                        figures[Figure.MESSAGES.ordinal()])));
        return new ImportReport(dryRun, complete, counts, problems, moreProblems);
    }
}
