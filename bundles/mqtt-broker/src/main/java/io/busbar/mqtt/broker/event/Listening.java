package io.busbar.mqtt.broker.event;

import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.broker.spi.ClientListener;
import io.busbar.mqtt.broker.call.CallSite;
import io.busbar.mqtt.broker.call.Callee;
import io.busbar.mqtt.broker.call.Place;
import io.busbar.mqtt.broker.call.Watch;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener, what it is still to be told, and the thread that tells it: in order, so that one
 * that hangs or is slow misses events of its own and of nobody else. Thread-safe.
 */
final class Listening implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

    private final ClientListener listener;
    private final Callee callee;
    private final Watch watch;
    private final BlockingQueue<ClientEvent> queue = new LinkedBlockingQueue<>(Events.CAPACITY);
    private final Thread thread;
    private volatile boolean closed;

    /** Starts its thread. */
    Listening(ClientListener listener, Callee callee, Watch watch) {
        this.listener = listener;
        this.callee = callee;
        this.watch = watch;
        thread = new Thread(this::run, "busbar-client-events " + callee.name());
        thread.setDaemon(true);
        thread.start();
    }

    Callee callee() {
        return callee;
    }

    /** Takes an event; false if too many wait. */
    boolean tell(ClientEvent event) {
        return queue.offer(event);
    }

    private void run() {
        CallSite site = watch.open(Place.OWN_THREAD);
        while (!closed) {
            try {
                tell(site, queue.take());
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    private void tell(CallSite site, ClientEvent event) {
        site.enter(callee);
        try {
            listener.onEvent(event);
        } catch (RuntimeException | LinkageError failure) {
            LOG.error(
                    "Client listener failed (listener={}, event={})",
                    callee.name(),
                    event.getClass().getSimpleName(),
                    failure);
        } finally {
            site.leave();
        }
    }

    /** Ends the thread, and interrupts a call that runs; what was not told is lost. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
