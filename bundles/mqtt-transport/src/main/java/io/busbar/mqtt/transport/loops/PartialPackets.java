package io.busbar.mqtt.transport.loops;

import io.busbar.api.memory.MemoryAccount;

/**
 * Limits how many bytes of incomplete packets all connections together may hold. Otherwise many
 * clients could fill the memory by beginning large packets without ever completing them.
 * Thread-safe.
 */
public final class PartialPackets {
    private final long maximumBytes;
    private final MemoryAccount account;

    /** So many bytes at most, and as much as the memory has room for. */
    public PartialPackets(long maximumBytes, MemoryAccount account) {
        this.maximumBytes = maximumBytes;
        this.account = account;
    }

    /**
     * A connection holds so many bytes more, or less; false if it or all together hold too many.
     *
     * @param held what it held before
     */
    public boolean change(int held, int by) {
        boolean fits = by <= 0 || account.bytes() + by <= maximumBytes && account.hasRoom(held, by);
        account.add(by);
        return fits;
    }

    /** What they hold now. */
    public long bytes() {
        return account.bytes();
    }
}
