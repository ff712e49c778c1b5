package io.busbar.web.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the body of an answer over time, e.g. a stream of events. Bytes are written only while the
 * client's socket accepts them, so a slow client never blocks a thread. Not thread-safe: only one
 * thread at a time may use it, but it may be any thread. The callbacks run on threads of the web
 * server.
 */
public final class ResponseStream {
    private final Lease lease;
    private @Nullable ServletOutputStream out;
    private volatile boolean opened;
    private boolean unflushed;

    ResponseStream(Lease lease) {
        this.lease = lease;
    }

    /**
     * Begins the stream. Call it once, before any other method except {@link #close}.
     *
     * @param writable called on a thread of the web server when bytes can be written
     * @param gone called when the client has left, or the stream was closed
     */
    public void begin(Runnable writable, Runnable gone) throws IOException {
        lease.use(
                (request, response) -> {
                    ServletOutputStream body = response.getOutputStream();
                    out = body;
                    body.setWriteListener(
                            new WriteListener() {
                                @Override
                                public void onWritePossible() {
                                    opened = true;
                                    writable.run();
                                }

                                @Override
                                public void onError(Throwable cause) {
                                    lease.complete();
                                }
                            });
                });
        lease.atEnd(gone);
    }

    /** Whether bytes can be written now. If not, the callback says when. */
    public boolean ready() throws IOException {
        ServletOutputStream body = out;
        return body != null && opened && lease.ask(() -> ready(body));
    }

    private boolean ready(ServletOutputStream body) throws IOException {
        if (!body.isReady()) {
            return false;
        }
        if (unflushed) {
            unflushed = false;
            body.flush();
            return body.isReady();
        }
        return true;
    }

    /**
     * Writes bytes and sends them, if the client is still there. Call it only after {@link #ready}
     * returned true. The array must not be changed afterwards.
     */
    public void write(byte[] bytes) throws IOException {
        ServletOutputStream body = out;
        if (body == null) {
            throw new IllegalStateException("write before begin");
        }
        lease.use(
                (request, response) -> {
                    body.write(bytes);
                    unflushed = true;
                    if (body.isReady()) {
                        unflushed = false;
                        body.flush();
                    }
                });
    }

    /** Ends the answer. */
    public void close() {
        lease.complete();
    }
}
