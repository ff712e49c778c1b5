package io.busbar.web.api.live;

import io.busbar.api.broker.Rejection;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.TopicValue;
import io.busbar.web.http.ResponseStream;
import io.busbar.web.session.WebSession;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One stream to one tab. What changed is only marked, by any thread; what it looks like is said
 * when the browser's socket takes bytes, so that a slow one gets fewer and newer pictures instead
 * of a queue. The last events are kept for a browser that comes back.
 *
 * <p>Confined to the thread of {@link LiveStreams}, except for the marks and {@link #channels}.
 */
final class LiveStream {
    /**
     * More changed things than this between two events are not listed: the reader shall load anew.
     */
    static final int MAX_LISTED = 200;

    private static final int MAX_TOPICS = 10_000;
    private static final int MAX_EVENTS = 256;
    private static final int MAX_EVENT_BYTES = 262_144;

    /** A value with its times and counters, and a field, beside their texts. */
    private static final int VALUE_BYTES = 250;

    private static final int FIELD_BYTES = 120;

    final String id;
    final WebSession session;
    final @Nullable TopicFilter filter;

    /** Grows with each stream that is opened. */
    final long order;

    volatile Set<Channel> channels = Set.of();
    final AtomicBoolean scheduled = new AtomicBoolean();
    volatile long pumpedAtMillis;

    /** When values were sent last; what else is sent meanwhile does not delay them. */
    volatile long valuesAtMillis;

    /** When the next turn is due, as far as {@link #scheduled} says that there is one. */
    volatile long dueMillis;

    // Marks: what changed since the last event.
    final Set<String> clients = ConcurrentHashMap.newKeySet();
    final Set<String> credentials = ConcurrentHashMap.newKeySet();
    final Map<Long, Rejection> rejections = new ConcurrentHashMap<>();
    final Set<String> paths = ConcurrentHashMap.newKeySet();
    final AtomicBoolean stats = new AtomicBoolean();
    final AtomicBoolean unmodeled = new AtomicBoolean();
    final AtomicBoolean reloadClients = new AtomicBoolean();
    final AtomicBoolean reloadCredentials = new AtomicBoolean();
    final AtomicBoolean reloadRejections = new AtomicBoolean();
    final AtomicBoolean reloadNamespace = new AtomicBoolean();
    final AtomicInteger droppedTopics = new AtomicInteger();

    // Wishes.
    /** The clients whose figures are wanted; null = all. */
    volatile @Nullable Set<String> shownClients;

    final Map<String, Integer> watched = new HashMap<>();
    @Nullable String detail;

    // Connection and replay.
    @Nullable ResponseStream response;
    long leftAtMillis;
    long writtenAtMillis;
    long stalledSinceMillis;
    boolean ended;

    /** The changed values by topic, and their bytes. Guarded by the map. */
    private final Map<String, TopicValue> topics = new LinkedHashMap<>();

    private long markedBytes;
    private boolean topicsClosed;

    private final MemoryAccount account;
    private final Deque<Event> ring = new ArrayDeque<>();
    private int ringBytes;
    private long lastNumber;
    private long writtenNumber;
    private @Nullable String greeting;

    LiveStream(
            String id,
            WebSession session,
            @Nullable TopicFilter filter,
            long order,
            long nowMillis,
            MemoryAccount account) {
        this.id = id;
        this.session = session;
        this.filter = filter;
        this.order = order;
        this.leftAtMillis = nowMillis;
        this.account = account;
    }

    boolean wants(Channel channel) {
        return channels.contains(channel);
    }

    /** Whether it is told when the figures of a client change. */
    boolean shows(String clientId) {
        Set<String> shown = shownClients;
        return shown == null || shown.contains(clientId);
    }

    /** Marks one of a set, or the reload flag if there are too many. */
    static void mark(Set<String> set, String key, AtomicBoolean reload) {
        if (set.size() >= MAX_LISTED) {
            reload.set(true);
        } else {
            set.add(key);
        }
    }

    void markRejection(Rejection rejection) {
        if (rejections.size() >= MAX_LISTED) {
            reloadRejections.set(true);
        } else {
            rejections.put(rejection.id(), rejection);
        }
    }

    void markTopic(TopicValue value) {
        long more = bytesOf(value);
        synchronized (topics) {
            if (topicsClosed) {
                return;
            }
            boolean place = topics.size() < MAX_TOPICS || topics.containsKey(value.topic());
            if (!place || !account.take(markedBytes, more)) {
                droppedTopics.incrementAndGet();
                if (place) {
                    account.refused(session.username(), markedBytes);
                }
                return;
            }
            markedBytes += more;
            TopicValue old = topics.put(value.topic(), value);
            if (old != null) {
                giveBack(bytesOf(old));
            }
        }
    }

    private void giveBack(long bytes) {
        markedBytes -= bytes;
        account.add(-bytes);
    }

    /** The value, its fields and its payload, which may be an old one that nobody else has. */
    private static long bytesOf(TopicValue value) {
        byte[] payload = value.payload();
        long bytes = (long) VALUE_BYTES + (payload == null ? 0 : payload.length);
        for (FieldValue field : value.fields()) {
            String json = field.json();
            bytes += FIELD_BYTES + (json == null ? 0 : json.length());
        }
        return bytes;
    }

    /** Adds an event; it is written when the socket takes it. */
    void add(String name, String json) {
        lastNumber++;
        byte[] bytes = encode(lastNumber, name, json);
        int before = ringBytes;
        ring.addLast(new Event(lastNumber, bytes));
        ringBytes += bytes.length;
        while (ring.size() > MAX_EVENTS || ringBytes > MAX_EVENT_BYTES && ring.size() > 1) {
            ringBytes -= ring.removeFirst().bytes().length;
        }
        account.add(ringBytes - before);
    }

    /** Gives back the memory; nothing is kept any more. */
    void forget() {
        synchronized (topics) {
            topicsClosed = true;
            topics.clear();
            giveBack(markedBytes);
        }
        account.add(-ringBytes);
        ring.clear();
        ringBytes = 0;
    }

    /** The number of the last event. */
    long lastNumber() {
        return lastNumber;
    }

    /** How many events after the given one are not kept any more. */
    long missingAfter(long number) {
        long oldest = ring.isEmpty() ? lastNumber + 1 : ring.getFirst().number();
        return Math.max(0, oldest - 1 - number);
    }

    /** A reader is there: first the greeting, then what follows the event it saw last. */
    void greet(String json, long seenNumber) {
        greeting = json;
        writtenNumber = Math.min(seenNumber, lastNumber);
    }

    /** All that has not been written yet, or null; counts as written. */
    byte @Nullable [] unwritten() {
        if (greeting == null && writtenNumber >= lastNumber) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (greeting != null) {
            bytes.writeBytes(encode(writtenNumber, "hello", greeting));
            greeting = null;
        }
        for (Event event : ring) {
            if (event.number() > writtenNumber) {
                bytes.writeBytes(event.bytes());
            }
        }
        writtenNumber = lastNumber;
        return bytes.toByteArray();
    }

    /** A sign of life, outside the numbering. */
    byte[] heartbeat() {
        return encode(lastNumber, "heartbeat", "{}");
    }

    /** The last word. */
    byte[] bye() {
        return encode(lastNumber, "bye", "{}");
    }

    private byte[] encode(long number, String name, String json) {
        return ("id: " + id + ":" + number + "\nevent: " + name + "\ndata: " + json + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Takes the changed values out. */
    Map<String, TopicValue> takeTopics() {
        synchronized (topics) {
            Map<String, TopicValue> taken = new LinkedHashMap<>(topics);
            topics.clear();
            giveBack(markedBytes);
            return taken;
        }
    }

    private record Event(long number, byte[] bytes) {}
}
