package io.busbar.web.api.state;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Numbers that stand for topics in the live stream. A topic gets its number when it is first shown
 * and keeps it until the server restarts. Thread-safe.
 */
public final class LiveIds {
    private final AtomicInteger last = new AtomicInteger();
    private final Map<String, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, String> topics = new ConcurrentHashMap<>();

    /** The topic's number. */
    public int idOf(String topic) {
        Integer id = ids.get(topic);
        return id != null
                ? id
                : ids.computeIfAbsent(
                        topic,
                        t -> {
                            int next = last.incrementAndGet();
                            topics.put(next, t);
                            return next;
                        });
    }

    /** The topic of a number that was given out. */
    public Optional<String> topicOf(int id) {
        return Optional.ofNullable(topics.get(id));
    }
}
