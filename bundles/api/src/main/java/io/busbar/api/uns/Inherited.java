package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * One policy as it holds for a node.
 *
 * @param <T> what the policy says
 * @param value what holds
 * @param from path of the nearest node, at or above it, that says so; null = no node does, this is
 *     the default
 */
public record Inherited<T extends @Nullable Object>(T value, @Nullable String from) {}
