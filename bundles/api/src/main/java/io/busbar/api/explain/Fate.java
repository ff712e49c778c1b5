package io.busbar.api.explain;

/**
 * What becomes of a message for one client. In brackets the parameters that go with it; times are
 * in milliseconds since the epoch.
 */
public enum Fate {
    // ---- it gets it
    /** It is sent at once. */
    SENT(Outcome.DELIVERED),
    /**
     * It waits behind others, because its client is slow or has as many unacknowledged ones as it
     * wants ({@code ahead}, {@code inflight}, {@code receiveMaximum}).
     */
    WAITS(Outcome.WAITS),
    /** Its client is away; it is kept until it comes back ({@code since}, {@code until}). */
    KEPT(Outcome.WAITS),

    // ---- it is not for it
    /** The client has published it itself, and wants no such messages ({@code filter}). */
    NO_LOCAL(Outcome.NOT_MEANT),
    /** Another member of its Shared Subscription is next ({@code filter}, {@code next}). */
    NOT_ITS_TURN(Outcome.NOT_MEANT),
    /** Any member of its Shared Subscription may get it ({@code filter}, {@code members}). */
    ANY_MEMBER(Outcome.NOT_MEANT),

    // ---- it misses it
    /** Its rights do not let it receive the topic ({@code rule}). */
    NO_RIGHTS(Outcome.MISSED),
    /** Its client is away, and messages of QoS 0 are not kept ({@code since}). */
    AWAY_AND_QOS_0(Outcome.MISSED),
    /** The lifetime of the message ended while its client was away ({@code at}). */
    EXPIRED(Outcome.MISSED),
    /**
     * Its queue is full ({@code messages}, {@code maxMessages}, {@code bytes}, {@code maxBytes}).
     */
    QUEUE_FULL(Outcome.MISSED),
    /**
     * It has QoS 0, and its client has not taken what was sent before ({@code bytes}, {@code
     * maxBytes}).
     */
    NOT_WRITABLE(Outcome.MISSED),
    /** The server's memory is short, and the client holds much of it ({@code bytes}). */
    MEMORY_FULL(Outcome.MISSED),
    /** It is larger than the client takes ({@code bytes}, {@code maxBytes}). */
    TOO_LARGE(Outcome.MISSED),
    /** It would have to be stored, but the store cannot write ({@code error}). */
    NOT_STORED(Outcome.MISSED),

    // ---- it has nothing to do with it; only told of a client that is asked about
    /** It subscribes to nothing at all. */
    NO_SUBSCRIPTIONS(Outcome.MISSED),
    /**
     * None of its subscriptions matches. The one that comes nearest ({@code filter}) has another
     * level ({@code level}, from 1; {@code expected} by the filter, {@code found} in the topic;
     * missing if it ends before).
     */
    FILTER_DOES_NOT_MATCH(Outcome.MISSED),
    /**
     * Its subscription begins with a wildcard, and that matches no topic that begins with $ ({@code
     * filter}).
     */
    WILDCARD_BEFORE_DOLLAR(Outcome.MISSED),
    /** It wanted to subscribe to it, and was refused ({@code filter}, {@code at}, {@code why}). */
    SUBSCRIPTION_REFUSED(Outcome.MISSED),
    /** It is not connected, and has no session that would keep something for it. */
    NO_SESSION(Outcome.MISSED),
    /** The same, and it was refused when it connected ({@code cause}, {@code at}). */
    CONNECT_REFUSED(Outcome.MISSED);

    private final Outcome outcome;

    Fate(Outcome outcome) {
        this.outcome = outcome;
    }

    /** What that means for the client. */
    public Outcome outcome() {
        return outcome;
    }

    /** What a {@link Fate} means for the client. */
    public enum Outcome {
        /** It gets it now. */
        DELIVERED,
        /** It gets it later. */
        WAITS,
        /** It does not get it, and that is as it wants, or as it has to be. */
        NOT_MEANT,
        /** It does not get it. */
        MISSED
    }
}
