package io.busbar.itests.karaf;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what will be true soon, and not longer than a deadline. */
final class Await {

    private Await() {}

    static void until(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        Exception last = null;
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (Exception notYet) {
                last = notYet;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("not in " + limit.toSeconds() + " s: " + what, last);
            }
            Thread.sleep(50);
        }
    }
}
