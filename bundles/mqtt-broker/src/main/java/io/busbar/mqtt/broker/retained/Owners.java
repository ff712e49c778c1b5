package io.busbar.mqtt.broker.retained;

import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.mqtt.broker.memory.Holder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Small numbers for the identities that Retained Messages are of, and what each holds of the index.
 * Thread-safe.
 */
final class Owners {
    private final BrokerMemory memory;
    private final Map<String, Owner> byId = new HashMap<>();
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private volatile @Nullable Owner[] byNumber = new Owner[16];
    private int next;

    private static final class Owner {
        private final String id;
        private final int number;
        private final Holder holder;
        private long count = 1;

        Owner(String id, int number, Holder holder) {
            this.id = id;
            this.number = number;
            this.holder = holder;
        }
    }

    Owners(BrokerMemory memory) {
        this.memory = memory;
    }

    /** Counts one more message of an identity; its number. */
    synchronized int add(String id) {
        Owner known = byId.get(id);
        if (known != null) {
            memory.change(memory.retained(), known.holder, TopicTable.ENTRY_BYTES);
            known.count++;
            return known.number;
        }
        Holder holder = memory.add(memory.retained(), id, TopicTable.ENTRY_BYTES);
        Integer freed = free.poll();
        int number = freed != null ? freed : next++;
        @Nullable Owner[] all = byNumber;
        if (number >= all.length) {
            all = Arrays.copyOf(all, all.length * 2);
        }
        Owner owner = new Owner(id, number, holder);
        all[number] = owner;
        byNumber = all;
        byId.put(id, owner);
        return number;
    }

    /** Counts one message less. */
    synchronized void remove(int number) {
        Owner owner = byNumber[number];
        if (owner == null) {
            return;
        }
        memory.giveBack(memory.retained(), owner.holder, TopicTable.ENTRY_BYTES);
        if (--owner.count == 0) {
            byId.remove(owner.id);
            byNumber[number] = null;
            free.add(number);
        }
    }

    /** Whether the number is that of an identity. */
    boolean is(int number, String id) {
        Owner owner = byNumber[number];
        return owner != null && owner.id.equals(id);
    }
}
