package io.busbar.mqtt.broker.memory;

import io.busbar.api.memory.MemoryAccount;
import java.util.HashMap;
import java.util.Map;

/**
 * What somebody is going to hold of an account, and what is not counted there yet, or never will be
 * because it is only foreseen. Not thread-safe.
 */
public final class Forecast {
    private final MemoryAccount account;
    private final Map<String, Long> byHolder = new HashMap<>();
    private long total;

    /** Makes one in which nothing is foreseen yet. */
    public Forecast(MemoryAccount account) {
        this.account = account;
    }

    /**
     * See {@link MemoryAccount#hasRoom}; as if all that is foreseen was counted.
     *
     * @param holder who holds it, e.g. the id of an identity
     * @param held bytes that are counted for it
     */
    public boolean hasRoom(String holder, long held, long more) {
        return account.hasRoom(held + byHolder.getOrDefault(holder, 0L) - total, total + more);
    }

    /** Somebody is going to hold so much more. */
    public void add(String holder, long more) {
        if (more != 0) {
            byHolder.merge(holder, more, Long::sum);
            total += more;
        }
    }

    /** So much is counted meanwhile of what is foreseen, for whomever. */
    public void counted(long bytes) {
        total -= bytes;
    }

    /** All of it is counted now. */
    public void clear() {
        byHolder.clear();
        total = 0;
    }
}
