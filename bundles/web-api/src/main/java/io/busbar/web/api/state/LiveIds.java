package io.busbar.web.api.state;

import java.util.HashMap;
import java.util.LinkedHashMap;
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

    private int last;
    private final Map<Integer, String> topics = new HashMap<>();
    private final Map<String, Integer> ids =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                    if (size() <= MAX_TOPICS) {
                        return false;
                    }
                    topics.remove(eldest.getValue());
                    return true;
                }
            };

    /** The topic's number. */
    public synchronized int idOf(String topic) {
        Integer id = ids.get(topic);
        if (id != null) {
            return id;
        }
        last++;
        topics.put(last, topic);
        ids.put(topic, last);
        return last;
    }

    /** The topic of a number that was given out and is still kept. */
    public synchronized Optional<String> topicOf(int id) {
        return Optional.ofNullable(topics.get(id));
    }
}
