package io.busbar.web.api.state;

import io.busbar.api.memory.MemoryAccount;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Numbers that stand for topics in the live stream. A topic gets its number when it is first shown.
 * It keeps it as long as it is one of those that were shown last; a number is never given twice.
 * Thread-safe.
 */
public final class LiveIds {
    /** More than the streams of a server watch together; the rest are topics that came and went. */
    static final int MAX_TOPICS = 100_000;

    private static final long MAX_BYTES = 64 << 20;

    /** The number with its entry in the other map. */
    private static final int ID_BYTES = 2 * 16 + 48;

    private final Map<Integer, String> topics = new HashMap<>();
    private final Remembered<Integer> ids;
    private int last;

    /**
     * Starts without numbers.
     *
     * @param account is asked before more are given out
     */
    public LiveIds(MemoryAccount account) {
        this(account, MAX_TOPICS);
    }

    LiveIds(MemoryAccount account, int maxTopics) {
        this.ids =
                new Remembered<>(
                        maxTopics,
                        MAX_BYTES,
                        account,
                        id -> ID_BYTES,
                        (topic, id) -> topics.remove(id));
    }

    /** The topic's number. */
    public synchronized int idOf(String topic) {
        Integer id = ids.get(topic);
        if (id == null) {
            id = ++last;
            topics.put(id, topic);
            ids.put(topic, id);
        }
        return id;
    }

    /** The topic of a number that was given out. */
    public synchronized Optional<String> topicOf(int id) {
        String topic = topics.get(id);
        if (topic != null) {
            // Somebody watches it: it is not the one to be forgotten next.
            ids.get(topic);
        }
        return Optional.ofNullable(topic);
    }
}
