package io.busbar.api.transfer;

import java.util.Set;

/**
 * How an import is to be made.
 *
 * @param replace whether what exists already is replaced; otherwise it stays, and its lines are
 *     skipped
 * @param dryRun whether everything is only checked and counted
 * @param parts what is imported; lines of other parts are skipped
 */
public record ImportRule(boolean replace, boolean dryRun, Set<StatePart> parts) {
    public ImportRule {
        parts = Set.copyOf(parts);
    }
}
