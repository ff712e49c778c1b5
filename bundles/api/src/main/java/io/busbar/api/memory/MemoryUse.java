package io.busbar.api.memory;

import java.util.Map;

/**
 * How much of an area is in use, as it was when it was asked for.
 *
 * @param maximumBytes what all kinds of use may hold together
 * @param usedBytes what they hold
 * @param kinds what each kind holds, by its name
 * @param refusals how often somebody was refused since the start
 * @param reclaims how often somebody had to give back since the start
 */
public record MemoryUse(
        long maximumBytes, long usedBytes, Map<String, Long> kinds, long refusals, long reclaims) {
    /** The last part of the memory, 1 / so many, is kept for those who hold little. */
    public static final int RESERVE = 8;

    public MemoryUse {
        kinds = Map.copyOf(kinds);
    }

    /** Whether the last part is being used: who holds most is refused, or has to give back. */
    public boolean isShort() {
        return usedBytes > maximumBytes - maximumBytes / RESERVE;
    }
}
