package io.busbar.api.uns;

import java.util.List;

/**
 * Some of the levels that follow each other below a branch of topics without a node.
 *
 * @param levels sorted by name
 * @param more whether there are more after these
 */
public record UnmodeledBranch(List<UnmodeledLevel> levels, boolean more) {}
