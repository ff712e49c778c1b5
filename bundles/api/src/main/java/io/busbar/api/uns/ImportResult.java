package io.busbar.api.uns;

import java.util.List;

/**
 * What an import has done, or would do in a dry run.
 *
 * @param created how many nodes were created
 * @param unchanged how many existed already; an import never changes existing nodes
 * @param templates how many versions of templates were made
 * @param ignoreRules how many rules were made that ignore topics without a node
 * @param problems what is wrong with the document, the first ones; if there is any, nothing was
 *     created
 * @param moreProblems how many more there are
 * @param malformed whether the document is not JSON at all; that is then the only problem
 * @param notes what the document has and the namespace cannot keep, the first ones; the rest of
 *     these nodes is taken over
 * @param moreNotes how many more there are
 */
public record ImportResult(
        long created,
        long unchanged,
        long templates,
        long ignoreRules,
        List<ImportProblem> problems,
        long moreProblems,
        boolean malformed,
        List<ImportProblem> notes,
        long moreNotes) {
    /** Most problems that are listed, and most notes. */
    public static final int MAX_PROBLEMS = 100;

    public ImportResult {
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }
}
