package io.busbar.web.api.live;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One browser's connection: bytes go out only while its socket takes them, so that a browser that
 * stalls stops nobody. Written to by the thread of {@link LiveStreams} only; the web server calls
 * back on its own.
 */
final class Outlet {
    private final AsyncContext context;
    private final ServletOutputStream out;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean opened;
    private boolean unflushed;

    private Outlet(AsyncContext context, ServletOutputStream out) {
        this.context = context;
        this.out = out;
    }

    /**
     * Takes an exchange over.
     *
     * @param writable called on a thread of the web server when bytes can be written
     * @param gone called once when the browser has left
     */
    static Outlet open(AsyncContext context, Runnable writable, Runnable gone) throws IOException {
        Outlet outlet = new Outlet(context, context.getResponse().getOutputStream());
        context.addListener(
                new AsyncListener() {
                    @Override
                    public void onComplete(AsyncEvent event) {
                        outlet.leave(gone);
                    }

                    @Override
                    public void onTimeout(AsyncEvent event) {
                        outlet.close();
                    }

                    @Override
                    public void onError(AsyncEvent event) {
                        outlet.leave(gone);
                    }

                    @Override
                    public void onStartAsync(AsyncEvent event) {
                        // Nothing: the exchange is started once.
                    }
                });
        outlet.out.setWriteListener(
                new WriteListener() {
                    @Override
                    public void onWritePossible() {
                        outlet.opened = true;
                        writable.run();
                    }

                    @Override
                    public void onError(Throwable cause) {
                        outlet.leave(gone);
                        outlet.complete();
                    }
                });
        return outlet;
    }

    /** Whether bytes can be written now; if not, the callback tells when. */
    boolean ready() throws IOException {
        if (!opened || over.get() || !out.isReady()) {
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
     * Writes bytes and pushes them out; only after {@link #ready} said so. The array must not
     * change afterwards.
     */
    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        unflushed = true;
        if (out.isReady()) {
            unflushed = false;
            out.flush();
        }
    }

    boolean isOver() {
        return over.get();
    }

    /** Ends the exchange. */
    void close() {
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
