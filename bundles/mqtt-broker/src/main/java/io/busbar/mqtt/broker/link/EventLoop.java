package io.busbar.mqtt.broker.link;

/**
 * The thread that owns a connection and its session. All state of both may only be used on this
 * thread. Other threads pass work to it with {@link #execute}.
 */
public interface EventLoop {
    /** 0 to number of loops - 1; the same for every connection of this loop. */
    int index();

    /** Whether the caller is on this loop. */
    boolean inLoop();

    /**
     * Runs the action on this loop, after what is running now; actions of one thread keep their
     * order.
     */
    void execute(Runnable action);

    /**
     * Runs the action in the next turn of this loop: after its sockets were served once more.
     * Called on this loop.
     */
    void executeNextTurn(Runnable action);

    /** Runs the action on this loop after a delay, unless it is cancelled. */
    Timer schedule(Runnable action, long delayMillis);

    /** A scheduled action. */
    interface Timer {
        void cancel();
    }
}
