package io.busbar.mqtt.broker.topic;

import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Share;

/**
 * The subscribers that get the messages of one topic, at one version of the tree. The arrays must
 * not be modified.
 */
public final class Matches {
    static final Share[] NO_SHARES = {};

    private final long version;
    private final Match[][] targets;
    private final int targetCount;
    private final Share[] shares;

    Matches(long version, Match[][] targets, int targetCount, Share[] shares) {
        this.version = version;
        this.targets = targets;
        this.targetCount = targetCount;
        this.shares = shares;
    }

    /** The tree's change counter when this was found; stale once the tree's is higher. */
    public long version() {
        return version;
    }

    /** How many there are of all kinds. */
    public int size() {
        return targetCount + shares.length;
    }

    /** One for each subscriber, in chunks. */
    public Match[][] targets() {
        return targets;
    }

    /** Shared Subscriptions, of which one member each gets the message. */
    public Share[] shares() {
        return shares;
    }
}
