package io.busbar.itests.crash;

import java.util.Random;

/** What the server is doing when it is killed. */
enum KillPoint {
    /** It has just begun to listen, and everybody comes back. */
    AFTER_START(1),
    /** It starts, and perhaps reads its store. */
    RESTORE(2),
    /** Everybody publishes. */
    BURST(4),
    /** Those who were away get what waited for them. */
    DRAIN(3),
    /** Nothing happens. */
    IDLE(1),
    /** In a burst, and again while it starts. */
    TWICE(1);

    private final int weight;

    KillPoint(int weight) {
        this.weight = weight;
    }

    static KillPoint random(Random random) {
        int total = 0;
        for (KillPoint point : values()) {
            total += point.weight;
        }
        int left = random.nextInt(total);
        for (KillPoint point : values()) {
            left -= point.weight;
            if (left < 0) {
                return point;
            }
        }
        throw new AssertionError();
    }
}
