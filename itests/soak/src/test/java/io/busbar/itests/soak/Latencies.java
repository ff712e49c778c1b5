package io.busbar.itests.soak;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Times in buckets that are 3 % wide, from a microsecond to hours, so that millions cost nothing.
 * Thread-safe.
 */
final class Latencies {
    /** Buckets for each doubling. */
    private static final int STEPS = 32;

    private static final int DOUBLINGS = 34;

    private final AtomicLongArray buckets = new AtomicLongArray(STEPS * DOUBLINGS);

    void record(long nanos) {
        double micros = Math.max(1, nanos / 1_000.0);
        int bucket = (int) (Math.log(micros) / Math.log(2) * STEPS);
        buckets.incrementAndGet(Math.min(bucket, buckets.length() - 1));
    }

    long count() {
        long count = 0;
        for (int i = 0; i < buckets.length(); i++) {
            count += buckets.get(i);
        }
        return count;
    }

    /** The upper edge of the bucket in which this part of all times ends; 0 if there is none. */
    long nanosAt(double part) {
        long before = (long) Math.ceil(count() * part);
        for (int i = 0; i < buckets.length(); i++) {
            before -= buckets.get(i);
            if (before <= 0 && buckets.get(i) > 0) {
                return (long) (Math.pow(2, (i + 1.0) / STEPS) * 1_000);
            }
        }
        return 0;
    }

    double millisAt(double part) {
        return nanosAt(part) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    /** Milliseconds by name. */
    Map<String, Double> summary() {
        Map<String, Double> summary = new TreeMap<>();
        summary.put("count", (double) count());
        summary.put("p50", rounded(0.5));
        summary.put("p99", rounded(0.99));
        summary.put("p999", rounded(0.999));
        summary.put("max", rounded(1));
        return summary;
    }

    private double rounded(double part) {
        return Math.round(millisAt(part) * 100) / 100.0;
    }
}
