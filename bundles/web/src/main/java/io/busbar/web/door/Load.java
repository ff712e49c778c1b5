package io.busbar.web.door;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** What all requests in progress hold together, and whether one more may. Thread-safe. */
final class Load {
    /** Objects that JSON becomes, for each value of it: measured with Gson, rounded up. */
    private static final int BYTES_PER_VALUE = 128;

    private final Supplier<RequestLimits> limits;
    private final AtomicInteger requests = new AtomicInteger();
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    Load(Supplier<RequestLimits> limits) {
        this.limits = limits;
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
     * may take twice as much as all together: else the largest body could never pass.
     *
     * @param held what the request has already
     */
    boolean take(long more, long held) {
        long before = bytes.getAndAdd(more);
        long limit = limits.get().bodiesBytes();
        if (before + more <= limit || before == held && before + more <= 2 * limit) {
            return true;
        }
        bytes.addAndGet(-more);
        return false;
    }

    void give(long less) {
        bytes.addAndGet(-less);
    }

    /** Bytes that bodies and what is made of them hold at the moment. */
    long bytes() {
        return bytes.get();
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
