package io.busbar.itests.crash;

import java.util.concurrent.atomic.AtomicInteger;

/** What all clients share: what they are to do now, and where they note what they see. */
final class Plant {
    /** Topics of Will Messages begin with it. */
    static final String WILLS = "w/";

    /** Topics of Retained Messages begin with it. */
    static final String RETAINED = "r/";

    private final Ledger ledger = new Ledger();
    private volatile boolean publishing;
    private volatile boolean everybodyOnline;
    private volatile boolean settling;
    private volatile boolean retaining;
    private volatile boolean over;
    private final AtomicInteger burst = new AtomicInteger();

    Ledger ledger() {
        return ledger;
    }

    /** Publishers publish. */
    boolean isPublishing() {
        return publishing;
    }

    /** How often publishing began: each time a publisher has a number of messages to publish. */
    int burst() {
        return burst.get();
    }

    void publish(boolean on) {
        if (on) {
            burst.incrementAndGet();
        }
        publishing = on;
    }

    /** Those who are away for whole cycles come back. */
    boolean isEverybodyOnline() {
        return everybodyOnline;
    }

    void everybodyOnline(boolean on) {
        everybodyOnline = on;
    }

    /** Nothing new begins, so that everything that was begun can end. */
    boolean isSettling() {
        return settling;
    }

    void settle(boolean on) {
        settling = on;
    }

    /** Retained Messages may be changed. */
    boolean isRetaining() {
        return retaining;
    }

    void retain(boolean on) {
        retaining = on;
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }
}
