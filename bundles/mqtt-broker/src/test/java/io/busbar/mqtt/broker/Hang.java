package io.busbar.mqtt.broker;

import io.busbar.testkit.time.Await;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A call that does not return before the test says so, whether it is interrupted or not. */
final class Hang {
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();

    /** Does not return for now. */
    void here() {
        inside.incrementAndGet();
        while (true) {
            try {
                released.await();
                inside.decrementAndGet();
                return;
            } catch (InterruptedException told) {
                interrupted.incrementAndGet();
            }
        }
    }

    /** Waits until so many calls hang. */
    void awaitInside(int calls) {
        Await.until(() -> inside.get() == calls);
    }

    /** How many of them were interrupted. */
    int interrupted() {
        return interrupted.get();
    }

    /** All return now, and those that come later at once. */
    void release() {
        released.countDown();
    }
}
