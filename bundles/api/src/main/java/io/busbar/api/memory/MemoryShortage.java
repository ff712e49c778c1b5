package io.busbar.api.memory;

import java.time.Instant;

/**
 * Somebody who was refused, or had to give back, because the memory ran short.
 *
 * @param area where it ran short
 * @param kind the kind of use
 * @param holder a Client Identifier, a user name or an address
 * @param reclaimed whether the holder had to give back; otherwise it was refused more
 * @param heldBytes what it held the last time
 * @param times how often
 * @param latest when last
 */
public record MemoryShortage(
        MemoryArea area,
        String kind,
        String holder,
        boolean reclaimed,
        long heldBytes,
        long times,
        Instant latest) {}
