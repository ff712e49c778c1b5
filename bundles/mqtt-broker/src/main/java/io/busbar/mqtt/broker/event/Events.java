package io.busbar.mqtt.broker.event;

import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.broker.spi.ClientListener;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners about events of clients, in order, on one thread of its own. Bounded: if
 * listeners cannot keep up, further events are dropped and counted. Thread-safe.
 */
public final class Events implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final int CAPACITY = 16_384;

    private final CopyOnWriteArrayList<ClientListener> listeners = new CopyOnWriteArrayList<>();
    private final BlockingQueue<ClientEvent> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    /** Starts its thread. */
    public Events() {
        thread = new Thread(this::run, "busbar-client-events");
        thread.setDaemon(true);
        thread.start();
    }

    public void bind(ClientListener listener) {
        listeners.addIfAbsent(listener);
    }

    public void unbind(ClientListener listener) {
        listeners.remove(listener);
    }

    /** Whether anybody listens, or reads the log: saves making events for nobody. */
    public boolean isHeard() {
        return !listeners.isEmpty() || EventLog.isOn();
    }

    /** Tells of an event; does not wait. */
    public void tell(ClientEvent event) {
        if (isHeard() && !queue.offer(event)) {
            dropped.incrementAndGet();
        }
    }

    /** Tells that something was refused; does not wait. */
    public void refused(Rejection rejection) {
        if (isHeard()) {
            tell(new ClientEvent.Refused(rejection.times().last(), rejection));
        }
    }

    /** Events that listeners missed. */
    public long dropped() {
        return dropped.get();
    }

    private void run() {
        while (!closed) {
            try {
                ClientEvent event = queue.take();
                EventLog.write(event);
                for (ClientListener listener : listeners) {
                    tell(listener, event);
                }
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    private static void tell(ClientListener listener, ClientEvent event) {
        try {
            listener.onEvent(event);
        } catch (RuntimeException | LinkageError failure) {
            LOG.error(
                    "Client listener failed (listener={}, event={})",
                    listener.getClass().getName(),
                    event.getClass().getSimpleName(),
                    failure);
        }
    }

    /** Ends the thread; what was not told is lost. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
