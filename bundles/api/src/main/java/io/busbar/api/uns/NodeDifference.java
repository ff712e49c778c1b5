package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * One thing that differs between two versions of a node.
 *
 * @param key what it is, as in an export: {@code description}, {@code fields.temp.unit}; {@code
 *     path} is where the node was
 * @param before as it was; null if it was not there
 * @param after as it is; null if it is not there any more
 */
public record NodeDifference(String key, @Nullable String before, @Nullable String after) {}
