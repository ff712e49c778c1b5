package io.busbar.web.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Writes the body of an answer over time, e.g. a stream of events. Bytes are written only while the
 * client's socket accepts them, so a slow client never blocks a thread. Not thread-safe: only one
 * thread at a time may use it, but it may be any thread. The callbacks run on threads of the web
 * server.
 */
public final class ResponseStream {
    private final AsyncContext context;
    private final AtomicBoolean over = new AtomicBoolean();
    private @Nullable ServletOutputStream out;
    private volatile boolean opened;
    private boolean unflushed;

    ResponseStream(AsyncContext context) {
        this.context = context;
        context.setTimeout(0);
    }

    /**
     * Begins the stream. Call it once, before any other method except {@link #close}.
     *
     * @param writable called on a thread of the web server when bytes can be written
     * @param gone called when the client has left
     */
    public void begin(Runnable writable, Runnable gone) throws IOException {
        ServletOutputStream body = context.getResponse().getOutputStream();
        out = body;
        context.addListener(
                new AsyncListener() {
                    @Override
                    public void onComplete(AsyncEvent event) {
                        leave(gone);
                    }

                    @Override
                    public void onTimeout(AsyncEvent event) {
                        close();
                    }

                    @Override
                    public void onError(AsyncEvent event) {
                        leave(gone);
                    }

                    @Override
                    public void onStartAsync(AsyncEvent event) {
                        // Nothing: the exchange is started once.
                    }
                });
        body.setWriteListener(
                new WriteListener() {
                    @Override
                    public void onWritePossible() {
                        opened = true;
                        writable.run();
                    }

                    @Override
                    public void onError(Throwable cause) {
                        leave(gone);
                        complete();
                    }
                });
    }

    /** Whether bytes can be written now. If not, the callback says when. */
    public boolean ready() throws IOException {
        if (out == null || !opened || over.get() || !out.isReady()) {
            return false;
        }
        if (unflushed) {
            unflushed = false;
            out.flush();
            return out.isReady();
        }
        return true;
    }

    /**
     * Writes bytes and sends them. Call it only after {@link #ready} returned true. The array must
     * not be changed afterwards.
     */
    public void write(byte[] bytes) throws IOException {
        if (out == null) {
            throw new IllegalStateException("write before begin");
        }
        out.write(bytes);
        unflushed = true;
        if (out.isReady()) {
            unflushed = false;
            out.flush();
        }
    }

    /** Ends the answer. */
    public void close() {
        over.set(true);
        complete();
    }

    private void leave(Runnable gone) {
        over.set(true);
        gone.run();
    }

    private void complete() {
        try {
            context.complete();
        } catch (IllegalStateException e) {
            // The web server has completed it already.
        }
    }
}
