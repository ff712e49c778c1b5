package io.busbar.web.api.state;

import io.busbar.api.memory.MemoryAccount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What may be forgotten, by name: bounded in number and bytes, and counted in the memory budget.
 * Beyond, what was used longest ago is forgotten. Not thread-safe.
 */
final class Remembered<V> {
    /** An entry beside the characters of its name: those may be of two bytes. */
    private static final int ENTRY_BYTES = 120;

    /** When memory is short, a new entry costs two old ones: not all at once. */
    private static final int FORGET_WHEN_SHORT = 2;

    private final int maxEntries;
    private final long maxBytes;
    private final MemoryAccount account;
    private final ToLongFunction<V> bytesOf;
    private final BiConsumer<String, V> forgotten;
    private final Map<String, V> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /**
     * Remembers nothing yet.
     *
     * @param bytesOf the bytes of a value; always the same for the same one
     */
    Remembered(int maxEntries, long maxBytes, MemoryAccount account, ToLongFunction<V> bytesOf) {
        this(maxEntries, maxBytes, account, bytesOf, (name, value) -> {});
    }

    /**
     * The same.
     *
     * @param forgotten told what is not remembered any more
     */
    Remembered(
            int maxEntries,
            long maxBytes,
            MemoryAccount account,
            ToLongFunction<V> bytesOf,
            BiConsumer<String, V> forgotten) {
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
        this.account = account;
        this.bytesOf = bytesOf;
        this.forgotten = forgotten;
    }

    @Nullable V get(String name) {
        return entries.get(name);
    }

    void put(String name, V value) {
        remove(name);
        long more = weight(name, value);
        int forget = account.hasRoom(bytes, more) ? 0 : FORGET_WHEN_SHORT;
        while (!entries.isEmpty()
                && (forget-- > 0 || entries.size() >= maxEntries || bytes + more > maxBytes)) {
            remove(entries.keySet().iterator().next());
        }
        entries.put(name, value);
        count(more);
    }

    @Nullable V remove(String name) {
        V gone = entries.remove(name);
        if (gone != null) {
            count(-weight(name, gone));
            forgotten.accept(name, gone);
        }
        return gone;
    }

    /** All values, the one that was used longest ago first. */
    List<V> values() {
        return List.copyOf(entries.values());
    }

    int size() {
        return entries.size();
    }

    private void count(long more) {
        bytes += more;
        account.add(more);
    }

    private long weight(String name, V value) {
        return ENTRY_BYTES + 2L * name.length() + bytesOf.applyAsLong(value);
    }
}
