package io.busbar.mqtt.broker.call;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log about clients that were refused because of a provider and not because of what they
 * did: at most one line a second, with how many and why. Thread-safe.
 */
public final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);
    private static final long GATHERED_MILLIS = 1_000;

    /** More different ones are not told apart: there are as many as providers, times a few. */
    private static final int MOST = 32;

    private static final int MAX_TEXT = 300;

    private final Workers.Timers timers;
    private final Map<String, Count> counts = new LinkedHashMap<>();

    private static final class Count {
        private long times;
        private String detail = "";
    }

    /**
     * Makes one that has nothing to tell.
     *
     * @param timers say when a line is due
     */
    public Complaints(Workers.Timers timers) {
        this.timers = timers;
    }

    /**
     * A client was refused.
     *
     * @param why without anything about the client, so that equal ones are counted together
     */
    public void add(String why) {
        add(why, "");
    }

    /**
     * As the other one.
     *
     * @param detail what may differ from case to case; the latest is told
     */
    public synchronized void add(String why, String detail) {
        if (counts.isEmpty()) {
            timers.schedule(this::tell, GATHERED_MILLIS);
        }
        String key = counts.size() < MOST || counts.containsKey(why) ? why : "other causes";
        Count count = counts.computeIfAbsent(key, made -> new Count());
        count.times++;
        count.detail = detail;
    }

    private synchronized void tell() {
        long all = 0;
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Count> entry : counts.entrySet()) {
            Count count = entry.getValue();
            all += count.times;
            text.append(text.isEmpty() ? "" : "; ").append(count.times).append(" because ");
            text.append(entry.getKey());
            if (!count.detail.isEmpty()) {
                text.append(" (latest: ").append(clean(count.detail)).append(')');
            }
        }
        counts.clear();
        LOG.warn("Clients refused within a second: {}: {}", all, text);
    }

    private static String clean(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= MAX_TEXT ? line : line.substring(0, MAX_TEXT) + "…";
    }
}
