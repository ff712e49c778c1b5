package io.busbar.mqtt.broker.transfer;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.mqtt.broker.memory.Footprint;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names that a dry run has come across, which count in an account. Not thread-safe. */
final class Names implements AutoCloseable {
    /** A name's place among the others, and its number. */
    private static final int ENTRY = 64;

    private final MemoryAccount account;
    private final Map<String, Integer> numbers = new HashMap<>();
    private long bytes;

    Names(MemoryAccount account) {
        this.account = account;
    }

    boolean has(String name) {
        return numbers.containsKey(name);
    }

    /** The number that was given with a name; null if it is not there. */
    @Nullable Integer numberOf(String name) {
        return numbers.get(name);
    }

    /** Adds a name, or gives it another number; returns how many more bytes are counted. */
    int add(String name, int number) {
        if (numbers.put(name, number) != null) {
            return 0;
        }
        int more = ENTRY + Footprint.name(name);
        bytes += more;
        account.add(more);
        return more;
    }

    @Override
    public void close() {
        numbers.clear();
        account.add(-bytes);
        bytes = 0;
    }
}
