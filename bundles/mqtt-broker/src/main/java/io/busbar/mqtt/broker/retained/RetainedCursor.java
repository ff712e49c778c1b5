package io.busbar.mqtt.broker.retained;

import io.busbar.api.mqtt.Message;
import io.busbar.mqtt.broker.loop.Loop;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Retained Messages that match a filter step by step, as fast as the receiver takes them.
 * It keeps its position and no messages while the receiver does not take any. Messages that are
 * added meanwhile may or may not be seen; none is older than what the receiver has got already.
 * Confined to the receiver's loop.
 */
public interface RetainedCursor {
    /** Whether the walk is over. */
    boolean isDone();

    /** How many steps the last {@link #next} took. */
    int taken();

    /**
     * The next message that is alive, or null if there was none within so many steps; nor if a page
     * is needed first.
     */
    @Nullable Message next(long now, int steps);

    /** Whether a page has to be read before there can be a next one. */
    default boolean needsPage() {
        return false;
    }

    /**
     * Reads a page; needed only if {@link #needsPage}. No other may be under way.
     *
     * @param most messages that are wanted
     * @param then is told on the loop when it is there, or why it could not be read
     */
    default void readPage(Loop loop, int most, Consumer<@Nullable Throwable> then) {
        throw new IllegalStateException("it has no pages");
    }

    /** Forgets what was read and not taken; it is read again when it is wanted. */
    default void letGo() {}
}
