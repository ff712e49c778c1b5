package io.busbar.mqtt.broker.retained;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.memory.Footprint;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Messages that were written or asked for lately, up to so many bytes of memory. Not thread-safe.
 */
final class Recent {
    private static final int ENTRY = 80;

    private final LinkedHashMap<TopicName, Message> messages = new LinkedHashMap<>(16, 0.75f, true);
    private final MemoryAccount account;
    private final long most;
    private long bytes;

    Recent(MemoryAccount account, long most) {
        this.account = account;
        this.most = most;
    }

    @Nullable Message get(TopicName topic) {
        return messages.get(topic);
    }

    /**
     * Keeps a message, if it is not so large that it would drive out most others. Those that were
     * wanted longest ago make room for it.
     */
    void put(Message message) {
        long before = bytes;
        remove(message.topic());
        int cost = costOf(message);
        boolean grows = account.hasRoom(account.bytes(), cost);
        if (cost > most / 4 || !grows && cost > before) {
            return;
        }
        Iterator<Message> eldest = messages.values().iterator();
        while (bytes + cost > (grows ? most : before)) {
            int less = costOf(eldest.next());
            eldest.remove();
            count(-less);
        }
        messages.put(message.topic(), message);
        count(cost);
    }

    private void count(long more) {
        bytes += more;
        account.add(more);
    }

    void remove(TopicName topic) {
        Message old = messages.remove(topic);
        if (old != null) {
            count(-costOf(old));
        }
    }

    /** Lets go of everything. */
    void clear() {
        messages.clear();
        count(-bytes);
    }

    private static int costOf(Message message) {
        return Footprint.message(message) + ENTRY;
    }
}
