package io.busbar.mqtt.transport.loops;

import io.busbar.api.memory.MemoryAccount;

/**
 * Limits how many bytes of incomplete packets all connections together may hold. Otherwise many
 * clients could fill the memory by beginning large packets without ever completing them. Those who
 * have not said CONNECT have a small part of it for themselves, so that nobody who is nobody takes
 * room from clients. Thread-safe.
 */
public final class PartialPackets {
    private final long maximumBytes;
    private final MemoryAccount arriving;
    private final MemoryAccount connected;

    /**
     * So many bytes at most, and as much as the memory has room for.
     *
     * @param arriving counts those of connections before CONNECT
     * @param connected counts those of the others
     */
    public PartialPackets(long maximumBytes, MemoryAccount arriving, MemoryAccount connected) {
        this.maximumBytes = maximumBytes;
        this.arriving = arriving;
        this.connected = connected;
    }

    /**
     * A connection holds so many bytes more, or less; false if it or all together hold too many.
     *
     * @param isConnected whether CONNECT has come
     * @param held what it held before
     */
    public boolean change(boolean isConnected, int held, int by) {
        MemoryAccount account = isConnected ? connected : arriving;
        boolean fits = by <= 0 || bytes() + by <= maximumBytes && account.hasRoom(held, by);
        account.add(by);
        return fits;
    }

    /** CONNECT has come on a connection that holds so many bytes. */
    public void connected(int held) {
        arriving.add(-held);
        connected.add(held);
    }

    /** What they hold now. */
    public long bytes() {
        return arriving.bytes() + connected.bytes();
    }
}
