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

    /** Keeps a message, if it is not so large that it would drive out most others. */
    void put(Message message) {
        int cost = costOf(message);
        if (cost > most / 4 || !account.hasRoom(account.bytes(), cost)) {
            remove(message.topic());
            return;
        }
        Message old = messages.put(message.topic(), message);
        long more = (long) cost - (old == null ? 0 : costOf(old));
        bytes += more;
        Iterator<Message> eldest = messages.values().iterator();
        while (bytes > most) {
            int less = costOf(eldest.next());
            eldest.remove();
            bytes -= less;
            more -= less;
        }
        account.add(more);
    }

    void remove(TopicName topic) {
        Message old = messages.remove(topic);
        if (old != null) {
            bytes -= costOf(old);
            account.add(-costOf(old));
        }
    }

    /** Lets go of everything. */
    void clear() {
        messages.clear();
        account.add(-bytes);
        bytes = 0;
    }

    private static int costOf(Message message) {
        return Footprint.message(message) + ENTRY;
    }
}
