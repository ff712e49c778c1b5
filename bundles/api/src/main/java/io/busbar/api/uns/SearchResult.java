package io.busbar.api.uns;

import java.util.List;

/**
 * What a search found.
 *
 * @param hits the best come first
 * @param more whether there are more, or may be
 */
public record SearchResult(List<SearchHit> hits, boolean more) {}
