package io.busbar.mqtt.broker.event;

import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.broker.spi.ClientListener;
import io.busbar.mqtt.broker.call.Callee;
import io.busbar.mqtt.broker.call.Calls;
import io.busbar.mqtt.broker.call.Providers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells listeners, and the log, about events of clients: each in order, on a thread of its own.
 * Bounded: if one cannot keep up, further events for it are dropped and counted. One that hangs is
 * named in the log and in health. Thread-safe.
 */
public final class Events implements AutoCloseable {
    /** Events that wait for one listener; more are dropped. */
    static final int CAPACITY = 16_384;

    private final Calls calls;
    private final Listening log;
    private final Map<ClientListener, Listening> listeners = new ConcurrentHashMap<>();
    private final AtomicLong dropped = new AtomicLong();

    /** Starts to write the log. */
    public Events(Calls calls) {
        this.calls = calls;
        this.log = listening(EventLog::write, "log");
    }

    private Listening listening(ClientListener listener, String name) {
        return new Listening(listener, new Callee("client listener", name), calls.watch());
    }

    /** Tells a listener of what happens from now on. */
    public void bind(ClientListener listener, Map<String, ?> properties) {
        listeners.computeIfAbsent(
                listener, added -> listening(added, Providers.nameOf(added, properties)));
    }

    /** Its service goes. */
    public void unbind(ClientListener listener) {
        Listening gone = listeners.remove(listener);
        if (gone != null) {
            gone.close();
        }
    }

    /** The listeners as operators see them. */
    public List<ProviderView> views() {
        List<ProviderView> views = new ArrayList<>();
        for (Listening each : listeners.values()) {
            views.add(calls.view(each.callee()));
        }
        return views;
    }

    /** Whether anybody listens, or reads the log: saves making events for nobody. */
    public boolean isHeard() {
        return !listeners.isEmpty() || EventLog.isOn();
    }

    /** Tells of an event; does not wait. */
    public void tell(ClientEvent event) {
        boolean all = !EventLog.isOn() || log.tell(event);
        for (Listening each : listeners.values()) {
            all &= each.tell(event);
        }
        if (!all) {
            dropped.incrementAndGet();
        }
    }

    /** Tells that something was refused; does not wait. */
    public void refused(Rejection rejection) {
        if (isHeard()) {
            tell(new ClientEvent.Refused(rejection.times().last(), rejection));
        }
    }

    /** Events that some listener missed. */
    public long dropped() {
        return dropped.get();
    }

    /** Ends the threads; what was not told is lost. */
    @Override
    public void close() {
        listeners.values().forEach(Listening::close);
        listeners.clear();
        log.close();
    }
}
