package io.busbar.metrics;

import java.util.Locale;

/**
 * The rate of a counter per minute, averaged over one, five and fifteen minutes with exponentially
 * fading weight, as Mosquitto computes its load topics. Confined to one thread.
 */
final class LoadAverage {
    /** The topic levels of the averages, in the order of {@link #text}. */
    static final String[] NAMES = {"1min", "5min", "15min"};

    private static final double[] WINDOW_SECONDS = {60, 300, 900};

    private final double[] perMinute = new double[WINDOW_SECONDS.length];
    private long last;

    /** Takes the counter's value; seconds have passed since the last time. */
    void update(long value, double seconds) {
        if (seconds > 0) {
            double now = (value - last) * 60.0 / seconds;
            for (int i = 0; i < perMinute.length; i++) {
                perMinute[i] = now + Math.exp(-seconds / WINDOW_SECONDS[i]) * (perMinute[i] - now);
            }
        }
        last = value;
    }

    double perMinute(int window) {
        return perMinute[window];
    }

    String text(int window) {
        return String.format(Locale.ROOT, "%.2f", perMinute[window]);
    }
}
