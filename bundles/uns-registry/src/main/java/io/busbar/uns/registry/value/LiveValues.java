package io.busbar.uns.registry.value;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.spi.ValueListener;
import io.busbar.uns.registry.model.Schema;
import io.busbar.uns.registry.payload.JsonScan;
import io.busbar.uns.registry.payload.SourceTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest value under every topic that has a model or from which something came. Messages are
 * taken at once; payloads of modelled topics are held against their model as they come, all others
 * are read when somebody looks. Listeners hear of a topic's latest value at most once per {@link
 * #flush}. Thread-safe.
 */
public final class LiveValues {
    private static final Logger LOG = LoggerFactory.getLogger(LiveValues.class);

    /**
     * So many topics are told to the listeners in one go; the rest waits for the next, so that a
     * flood of topics does not take a processor.
     */
    private static final int TOPICS_PER_FLUSH = 5000;

    private final Limits limits;
    private final SourceTime times;
    private final Clock clock;
    private final Supplier<List<ValueListener>> listeners;
    private final Runnable flushWanted;

    private final ConcurrentHashMap<String, TopicState> topics = new ConcurrentHashMap<>();
    private final ConcurrentNavigableMap<String, TopicState> unmodeled =
            new ConcurrentSkipListMap<>();
    private final ConcurrentHashMap<String, TopicState> perishable = new ConcurrentHashMap<>();
    private final Queue<TopicState> dirty = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean flushAsked = new AtomicBoolean();
    private final LongAdder messages = new LongAdder();
    private final LongAdder violations = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    /** Guards which topics there are and what of them is counted below. */
    private final Object structure = new Object();

    private int unmodeledCount;
    private final AtomicLong unmodeledBytes = new AtomicLong();

    /** Scratch of {@link #accept}, which guards it. */
    private final JsonScan scan = new JsonScan();

    private final Object ingest = new Object();

    /**
     * Starts with no topics.
     *
     * @param listeners who wants to hear of values, at this moment
     * @param flushWanted called when {@link #flush} should run soon; not again before it ran
     */
    public LiveValues(
            Limits limits,
            SourceTime times,
            Clock clock,
            Supplier<List<ValueListener>> listeners,
            Runnable flushWanted) {
        this.limits = limits;
        this.times = times;
        this.clock = clock;
        this.listeners = listeners;
        this.flushWanted = flushWanted;
    }

    /** Takes a message of the broker; {@code $}-topics are not for the namespace. */
    public void accept(Message message, boolean replayed) {
        if (message.topic().isSystem()) {
            return;
        }
        synchronized (ingest) {
            if (!replayed) {
                messages.increment();
            }
            String topic = message.topic().value();
            TopicState state = topics.get(topic);
            if (message.payload().length == 0 && message.retain()) {
                cleared(topic, state);
                return;
            }
            if (state == null) {
                state = discover(topic);
                if (state == null) {
                    return;
                }
            }
            long answer = state.accept(message, replayed, scan, limits, room());
            if ((answer & TopicState.VIOLATED) != 0 && answer > 0) {
                violations.increment();
            } else if (answer != 0) {
                unmodeledBytes.addAndGet(answer);
            }
            tell(state);
        }
    }

    /**
     * An empty retained message takes the retained one away [MQTT5-3.3.1-6]: it is no value, and a
     * topic that nobody modelled is forgotten with it.
     */
    private void cleared(String topic, @Nullable TopicState state) {
        if (state == null) {
            return;
        }
        state.count();
        synchronized (structure) {
            if (unmodeled.remove(topic, state)) {
                topics.remove(topic);
                unmodeledCount--;
                unmodeledBytes.addAndGet(-state.payloadBytes());
            }
        }
    }

    private @Nullable TopicState discover(String topic) {
        synchronized (structure) {
            TopicState state = topics.get(topic);
            if (state != null) {
                return state;
            }
            if (unmodeledCount >= limits.unmodeledTopics()) {
                dropped.increment();
                return null;
            }
            state = new TopicState(topic);
            topics.put(topic, state);
            unmodeled.put(topic, state);
            unmodeledCount++;
            return state;
        }
    }

    private long room() {
        return limits.unmodeledBytes() - unmodeledBytes.get();
    }

    /** Puts the topic of a node under its model. Nodes that are no topics are ignored. */
    public void bind(Node node) {
        if (node.type() != NodeType.TOPIC) {
            return;
        }
        Schema schema =
                node.payload().model().fields().isEmpty()
                        ? null
                        : new Schema(
                                node.payload().model(),
                                node.payload().format(),
                                node.policy().validation(),
                                times,
                                limits.maxFutureMicros());
        TopicState state;
        synchronized (structure) {
            state = topics.computeIfAbsent(node.path(), TopicState::new);
            if (unmodeled.remove(node.path(), state)) {
                unmodeledCount--;
                unmodeledBytes.addAndGet(-state.payloadBytes());
            }
            state.bind(node, schema, limits);
            if (node.policy().staleAfterSeconds() > 0) {
                perishable.put(node.path(), state);
            } else {
                perishable.remove(node.path());
            }
        }
        tell(state);
    }

    /**
     * The topic has no node any more; if something came under it, it is an unmodelled one from now
     * on.
     */
    public void unbind(String topic) {
        synchronized (structure) {
            TopicState state = topics.get(topic);
            if (state == null || unmodeled.containsKey(topic)) {
                return;
            }
            perishable.remove(topic);
            state.bind(null, null, limits);
            if (state.hasMessage() && unmodeledCount < limits.unmodeledTopics()) {
                unmodeled.put(topic, state);
                unmodeledCount++;
                unmodeledBytes.addAndGet(state.payloadBytes());
            } else {
                topics.remove(topic);
            }
            tell(state);
        }
    }

    public Optional<TopicValue> value(String topic) {
        TopicState state = topics.get(topic);
        return state == null ? Optional.empty() : Optional.of(snapshot(state));
    }

    public boolean isUnmodeled(String topic) {
        return unmodeled.containsKey(topic);
    }

    public List<TopicValue> unmodeled(String prefix, int limit) {
        List<TopicValue> found = new ArrayList<>();
        for (TopicState state : unmodeled.tailMap(prefix, true).values()) {
            if (found.size() >= limit || !state.topic.startsWith(prefix)) {
                break;
            }
            found.add(snapshot(state));
        }
        return found;
    }

    public long messages() {
        return messages.sum();
    }

    public long violations() {
        return violations.sum();
    }

    public long dropped() {
        return dropped.sum();
    }

    public int unmodeledCount() {
        synchronized (structure) {
            return unmodeledCount;
        }
    }

    private TopicValue snapshot(TopicState state) {
        return state.snapshot(clock.millis(), times, limits);
    }

    private void tell(TopicState state) {
        if (!listeners.get().isEmpty() && state.mark()) {
            dirty.add(state);
            askForFlush();
        }
    }

    private void askForFlush() {
        if (!flushAsked.get() && flushAsked.compareAndSet(false, true)) {
            flushWanted.run();
        }
    }

    /**
     * Tells the listeners the latest value of the topics that changed. Called from one thread only.
     */
    public void flush() {
        flushAsked.set(false);
        List<ValueListener> now = listeners.get();
        for (int i = 0; i < TOPICS_PER_FLUSH; i++) {
            TopicState state = dirty.poll();
            if (state == null) {
                return;
            }
            state.unmark();
            TopicValue value = null;
            for (ValueListener listener : now) {
                try {
                    if (listener.wants(state.topic)) {
                        value = value == null ? snapshot(state) : value;
                        listener.onValue(value);
                    }
                } catch (RuntimeException failed) {
                    LOG.warn(
                            "Value listener {} failed, the next value follows",
                            listener.getClass().getName(),
                            failed);
                }
            }
        }
        if (!dirty.isEmpty()) {
            askForFlush();
        }
    }

    /** Tells the listeners of topics whose value has become older than it should be. */
    public void checkStale() {
        long now = clock.millis();
        for (TopicState state : perishable.values()) {
            if (state.becameStale(now)) {
                tell(state);
            }
        }
    }
}
