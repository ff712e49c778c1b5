package io.busbar.web.door;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What all requests in progress hold together, and whether one more may. Thread-safe. */
final class Load {
    /** Objects that JSON becomes, for each value of it: measured with Gson, rounded up. */
    private static final int BYTES_PER_VALUE = 128;

    /** How much of the memory all requests may take, in percent. */
    private static final int PART = 80;

    private final Supplier<RequestLimits> limits;
    private final AtomicInteger requests = new AtomicInteger();
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();
    private final MemoryAccount account;

    /** What each holds: a user at an address, or the address of who is not signed in. */
    private final Map<String, Long> byHolder = new ConcurrentHashMap<>();

    /**
     * Starts with no request.
     *
     * @param memory is asked before requests take more
     */
    Load(Supplier<RequestLimits> limits, MemoryBudget memory) {
        this.limits = limits;
        this.account = memory.open(MemoryArea.HEAP, "HTTP bodies", PART, null);
    }

    /** Whether one more request of the address may begin; if so it has, until {@link #leave}. */
    boolean enter(String address) {
        if (requests.incrementAndGet() > limits.get().requests()) {
            requests.decrementAndGet();
            return false;
        }
        int mine = byAddress.merge(address, 1, Integer::sum);
        if (mine > limits.get().requestsPerAddress()) {
            leave(address);
            return false;
        }
        return true;
    }

    void leave(String address) {
        byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        requests.decrementAndGet();
    }

    /**
     * Whether a request may take more memory; if so it has, until {@link #give}. One that is alone
     * may take twice as much as all together: else the largest body could never pass. Who holds
     * much gets no more long before those who hold little.
     *
     * @param holder who asks: the user at an address, or the address of who is not signed in
     * @param held what the request has already
     */
    boolean take(String holder, long more, long held) {
        long mine = byHolder.getOrDefault(holder, 0L);
        if (!account.take(mine, more)) {
            account.refused(holder, mine);
            return false;
        }
        long before = account.bytes() - more;
        long limit = limits.get().bodiesBytes();
        if (before + more <= limit || before == held && before + more <= 2 * limit) {
            byHolder.merge(holder, more, Long::sum);
            return true;
        }
        account.add(-more);
        return false;
    }

    /** Whether the memory has room for more of a holder; unlike {@link #take} it tells nobody. */
    boolean hasRoom(String holder, long more) {
        return account.hasRoom(byHolder.getOrDefault(holder, 0L), more);
    }

    /** A request takes memory, whether there is room or not. */
    void hold(String holder, long more) {
        account.add(more);
        byHolder.merge(holder, more, Long::sum);
    }

    /** A request gives back. */
    void give(String holder, long less) {
        account.add(-less);
        byHolder.computeIfPresent(holder, (key, bytes) -> bytes == less ? null : bytes - less);
    }

    /** Bytes that bodies and answers, and what is made of them, hold at the moment. */
    long bytes() {
        return account.bytes();
    }

    /** Gives back everything. */
    void close() {
        account.close();
    }

    /** Requests in progress. */
    int requests() {
        return requests.get();
    }

    /**
     * What a body of JSON takes beyond its own bytes when it is read: the text, and an object for
     * each value.
     */
    static long weight(byte[] json) {
        long values = 1;
        boolean text = false;
        for (int i = 0; i < json.length; i++) {
            byte b = json[i];
            if (text) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    text = false;
                }
            } else if (b == '"') {
                text = true;
            } else if (b == '{' || b == '[' || b == ',') {
                values++;
            }
        }
        return 2L * json.length + values * BYTES_PER_VALUE;
    }
}
