package io.busbar.uns.registry.value;

import io.busbar.api.broker.ProviderView;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.spi.ValueListener;
import io.busbar.uns.registry.watch.CallWatch;
import io.busbar.uns.registry.watch.Foreign;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the value listeners of topics that have changed, at most once per {@link #flush} and topic.
 * Thread-safe; {@link #flush} is called from one thread only.
 */
final class ValueNotices {
    private static final Logger LOG = LoggerFactory.getLogger(ValueNotices.class);

    /**
     * So many topics are told to the listeners in one go; the rest waits for the next, so that a
     * flood of topics does not take a processor.
     */
    private static final int TOPICS_PER_FLUSH = 5000;

    private final Supplier<List<ValueListener>> listeners;
    private final Function<TopicState, TopicValue> picture;
    private final CallWatch watch;
    private final Map<ValueListener, Foreign> callees = new ConcurrentHashMap<>();
    private final Consumer<Boolean> flushWanted;
    private final Queue<TopicState> changed = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean flushAsked = new AtomicBoolean();

    /**
     * Starts with nothing to tell.
     *
     * @param listeners who wants to hear of values, at this moment
     * @param picture makes the value of a topic
     * @param watch notices listeners that hang
     * @param flushWanted called when {@link #flush} should run, not again before it ran; with true
     *     if it should at once, else soon
     */
    ValueNotices(
            Supplier<List<ValueListener>> listeners,
            Function<TopicState, TopicValue> picture,
            CallWatch watch,
            Consumer<Boolean> flushWanted) {
        this.watch = watch;
        this.listeners = listeners;
        this.picture = picture;
        this.flushWanted = flushWanted;
    }

    /** The value of a topic has changed. */
    void changed(TopicState state) {
        if (!listeners.get().isEmpty() && state.mark()) {
            changed.add(state);
            askForFlush(true);
        }
    }

    /** Lets {@link #flush} run soon. */
    void askForFlush() {
        askForFlush(false);
    }

    private void askForFlush(boolean atOnce) {
        if (!flushAsked.get() && flushAsked.compareAndSet(false, true)) {
            flushWanted.accept(atOnce);
        }
    }

    /** Tells the latest value of the topics that changed. */
    void flush() {
        flushAsked.set(false);
        List<ValueListener> now = listeners.get();
        for (int i = 0; i < TOPICS_PER_FLUSH; i++) {
            TopicState state = changed.poll();
            if (state == null) {
                return;
            }
            state.unmark();
            tell(now, state);
        }
        if (!changed.isEmpty()) {
            askForFlush();
        }
    }

    private void tell(List<ValueListener> now, TopicState state) {
        TopicValue value = null;
        for (ValueListener listener : now) {
            Foreign callee = calleeOf(listener, now);
            if (callee.isOut()) {
                continue;
            }
            boolean watched = watch.enter(callee);
            try {
                if (listener.wants(state.topic)) {
                    value = value == null ? picture.apply(state) : value;
                    listener.onValue(value);
                }
            } catch (RuntimeException failed) {
                LOG.warn(
                        "Value listener {} failed, the next value follows",
                        listener.getClass().getName(),
                        failed);
            } finally {
                if (watched) {
                    watch.leave();
                }
            }
        }
    }

    private Foreign calleeOf(ValueListener listener, List<ValueListener> now) {
        if (callees.size() > now.size()) {
            callees.keySet().retainAll(now);
        }
        return callees.computeIfAbsent(
                listener, added -> new Foreign("value listener", added.getClass().getName()));
    }

    /** The listeners that were told of something, as operators see them. */
    List<ProviderView> views() {
        return callees.values().stream().map(Foreign::view).toList();
    }
}
