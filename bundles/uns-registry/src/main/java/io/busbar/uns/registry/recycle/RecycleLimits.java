package io.busbar.uns.registry.recycle;

/**
 * Bounds of the recycle bin.
 *
 * @param nodes how many nodes it holds at most; 0 = none
 * @param days how long
 */
public record RecycleLimits(int nodes, int days) {}
