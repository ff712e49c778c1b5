package io.busbar.testkit.client;

import java.io.Closeable;
import java.io.IOException;

/** Bytes to a server and back. */
interface Wire extends Closeable {
    /** Sends all of them. */
    void write(byte[] bytes) throws IOException;

    /**
     * Waits for at least one byte; -1 at the end.
     *
     * @param untilNanos the deadline, as {@link System#nanoTime}
     * @throws java.net.SocketTimeoutException if nothing came until then
     */
    int read(byte[] into, long untilNanos) throws IOException;
}
