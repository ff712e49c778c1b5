package io.busbar.web.http;

import io.busbar.web.head.RequestHead;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The web server's objects of one request. The web server uses them again for other requests as
 * soon as this one is over. So they are touched through the lease only: it holds back the end while
 * they are, and nothing touches them after it. Nothing that waits may be done with them.
 * Thread-safe.
 */
public final class Lease {
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final AsyncContext context;
    private final RequestHead head;
    private final InetSocketAddress peer;

    // Guarded by this.
    private boolean over;
    private @Nullable List<Runnable> atEnd = new ArrayList<>();

    /** Something that is done with the objects. */
    @FunctionalInterface
    public interface Use {
        void of(HttpServletRequest request, HttpServletResponse response) throws IOException;
    }

    /** Something that is asked of the objects. */
    @FunctionalInterface
    public interface Question {
        boolean ask() throws IOException;
    }

    /**
     * Takes over a request that is being served: it is over when {@link #complete} is called, or
     * the web server ends it.
     *
     * @param lost is told why the web server gives it up, and completes it
     */
    public Lease(
            HttpServletRequest request, HttpServletResponse response, Consumer<Throwable> lost) {
        this.request = request;
        this.response = response;
        this.head = RequestHead.of(request);
        ServletRequest own = request;
        while (own instanceof ServletRequestWrapper wrapper) {
            own = wrapper.getRequest();
        }
        String address = own.getRemoteAddr();
        this.peer =
                new InetSocketAddress(
                        address == null ? RequestHead.UNKNOWN_ADDRESS : address,
                        own.getRemotePort());
        this.context = request.startAsync();
        context.setTimeout(0);
        context.addListener(listener(lost));
    }

    private AsyncListener listener(Consumer<Throwable> lost) {
        return new AsyncListener() {
            @Override
            public void onComplete(AsyncEvent event) {
                end();
            }

            @Override
            public void onTimeout(AsyncEvent event) {
                lost.accept(new IOException("timeout"));
            }

            @Override
            public void onError(AsyncEvent event) {
                lost.accept(event.getThrowable());
            }

            @Override
            public void onStartAsync(AsyncEvent event) {
                // Nothing: the exchange is started once.
            }
        };
    }

    /** What the request says; there is no end to it. */
    public RequestHead head() {
        return head;
    }

    /** The other end of the connection. */
    public InetSocketAddress peer() {
        return peer;
    }

    /**
     * Does something with the objects, unless the exchange is over; returns whether it was done.
     */
    public synchronized boolean use(Use use) throws IOException {
        if (over) {
            return false;
        }
        use.of(request, response);
        return true;
    }

    /** Asks something; false if the exchange is over. */
    public synchronized boolean ask(Question question) throws IOException {
        return !over && question.ask();
    }

    /** Ends the exchange, unless it is over. */
    public synchronized void complete() {
        if (over) {
            return;
        }
        over = true;
        try {
            context.complete();
        } catch (IllegalStateException ended) {
            // The web server is completing it already.
        }
    }

    /** Runs something when the web server has ended the exchange; at once if it has already. */
    public void atEnd(Runnable task) {
        synchronized (this) {
            if (atEnd != null) {
                atEnd.add(task);
                return;
            }
        }
        task.run();
    }

    private void end() {
        List<Runnable> tasks;
        synchronized (this) {
            over = true;
            tasks = atEnd;
            atEnd = null;
        }
        if (tasks != null) {
            tasks.forEach(Runnable::run);
        }
    }
}
