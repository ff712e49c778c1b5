package io.busbar.uns.registry.payload;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one scan for the next reader, so that a payload costs no new one: most of the time one
 * thread reads. It holds no payload meanwhile. Thread-safe.
 */
final class SpareScan {
    private final AtomicReference<@Nullable JsonScan> spare = new AtomicReference<>();

    JsonScan take() {
        JsonScan scan = spare.getAndSet(null);
        return scan == null ? new JsonScan() : scan;
    }

    void give(JsonScan scan) {
        scan.clear();
        spare.set(scan);
    }
}
