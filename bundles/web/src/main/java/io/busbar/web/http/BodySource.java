package io.busbar.web.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer that is made while it is taken, so that it need not be in memory as a
 * whole. Confined to one thread at a time; every call may come from another thread.
 */
public interface BodySource extends AutoCloseable {
    /**
     * Makes the next piece, some ten kilobytes. A larger one counts in the memory budget until the
     * client takes it.
     *
     * @return null if there is no more; must not be changed afterwards
     * @throws IOException if it cannot be made: the answer is broken off, so that the client can
     *     tell that it is not complete
     */
    byte @Nullable [] next() throws IOException;

    /** The answer has ended, in whatever way. Called once. */
    @Override
    void close();
}
