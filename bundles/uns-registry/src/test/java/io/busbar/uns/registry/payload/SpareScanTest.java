package io.busbar.uns.registry.payload;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.testkit.time.Await;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is kept from payload to payload holds none of them. */
class SpareScanTest {
    @Test
    void scanThatIsKept_holdsNoPayload() {
        SpareScan spare = new SpareScan();
        WeakReference<byte[]> manyKeys = scanned(spare, "{\"a\":{\"b\":1,\"c\":2},\"d\":3}");
        WeakReference<byte[]> oneKey = scanned(spare, "{\"a\":1}");

        awaitGone(manyKeys);
        awaitGone(oneKey);
        Reference.reachabilityFence(spare);
    }

    private static WeakReference<byte[]> scanned(SpareScan spare, String json) {
        byte[] payload = json.getBytes(StandardCharsets.UTF_8);
        JsonScan scan = spare.take();
        assertThat(scan.scan(payload)).isTrue();
        spare.give(scan);
        return new WeakReference<>(payload);
    }

    @Test
    void readingThatIsCleared_holdsNoPayload() {
        Reading reading = new Reading();
        WeakReference<byte[]> many = read(reading, 2000);
        WeakReference<byte[]> few = read(reading, 2);

        reading.clear();

        assertThat(reading.count()).isZero();
        awaitGone(many);
        awaitGone(few);
        Reference.reachabilityFence(reading);
    }

    private static WeakReference<byte[]> read(Reading reading, int count) {
        byte[] payload = "a1".getBytes(StandardCharsets.UTF_8);
        reading.begin(true, null);
        for (int i = 0; i < count; i++) {
            reading.json(payload, 0, 1, payload, 1, 2);
        }
        return new WeakReference<>(payload);
    }

    private static void awaitGone(WeakReference<byte[]> payload) {
        Await.until(
                () -> {
                    System.gc();
                    return payload.get() == null;
                });
    }
}
