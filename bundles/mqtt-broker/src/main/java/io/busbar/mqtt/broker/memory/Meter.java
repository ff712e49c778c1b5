package io.busbar.mqtt.broker.memory;

import io.busbar.api.memory.MemoryAccount;

/**
 * An account as one thread uses it: small changes are gathered, so that threads do not get in each
 * other's way for every message. Not thread-safe.
 */
public final class Meter {
    /** So much may be gathered and not told. */
    private static final long STEP = 32 << 10;

    private final MemoryAccount account;
    private long untold;

    /** Makes one. */
    public Meter(MemoryAccount account) {
        this.account = account;
    }

    /** See {@link MemoryAccount#hasRoom}. */
    public boolean hasRoom(long held, long more) {
        return account.hasRoom(held, more);
    }

    /** See {@link MemoryAccount#add}. */
    public void add(long bytes) {
        untold += bytes;
        if (untold > STEP || untold < -STEP) {
            tell();
        }
    }

    /** Tells the account what was gathered. */
    public void tell() {
        long change = untold;
        untold = 0;
        account.add(change);
    }
}
