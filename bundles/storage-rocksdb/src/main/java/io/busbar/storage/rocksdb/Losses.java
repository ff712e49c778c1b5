package io.busbar.storage.rocksdb;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists what a recovery could not read. Not thread-safe. */
final class Losses {
    /** So many are listed one by one. */
    private static final int LISTED = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Losses.class);

    private final boolean told;
    private long count;

    /**
     * Begins an empty list.
     *
     * @param told whether to write it to the log, or only to count
     */
    Losses(boolean told) {
        this.told = told;
    }

    void add(String what, String why) {
        count++;
        if (!told) {
            return;
        }
        if (count <= LISTED) {
            LOG.warn("Broker store: lost {} ({})", what, why);
        } else if (count == LISTED + 1) {
            LOG.warn("Broker store: more is lost, which is only counted from here on");
        }
    }

    long count() {
        return count;
    }
}
