package io.busbar.mqtt.broker.retained;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.RetainedView;
import io.busbar.mqtt.broker.limit.RetainedLimits;
import io.busbar.mqtt.broker.loop.Background;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.memory.Holder;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Retained Messages of a store that is in memory itself: by topic and, for wildcards, by levels.
 * The levels of their topics count for the memory as well. Changes are written with the turn.
 * Thread-safe.
 */
public final class HeapRetained implements RetainedMessages {
    /** Steps of background work that the removal of a message is counted as. */
    private static final int STEPS_PER_REMOVAL = 16;

    /** A message's places among all, here and in a store that keeps it in memory. */
    private static final int PLACES = 112;

    private final RetainedView store;
    private final Clock clock;
    private final BrokerMemory memory;
    private final int maxMessages;
    private final long maxBytes;
    private final ConcurrentHashMap<TopicName, Message> byTopic = new ConcurrentHashMap<>();
    private final RetainedNode root;
    private final AtomicInteger expiring = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** Makes an empty one with its bounds. */
    public HeapRetained(
            RetainedView store, Clock clock, RetainedLimits limits, BrokerMemory memory) {
        this.store = store;
        this.clock = clock;
        this.memory = memory;
        this.maxMessages = limits.maxMessages();
        this.maxBytes = limits.maxBytes();
        this.root = new RetainedNode("", memory.holder(""));
    }

    @Override
    public int size() {
        return byTopic.size();
    }

    @Override
    public long bytes() {
        return bytes.get();
    }

    @Override
    public @Nullable Message get(TopicName topic) {
        Message message = byTopic.get(topic);
        return message == null || message.expiresAt() <= clock.millis() ? null : message;
    }

    @Override
    public Change put(Loop loop, Message message) {
        if (!put(message)) {
            return Change.REFUSED;
        }
        Writing.put(loop, message);
        return Change.IN_TURN;
    }

    /** False if a bound forbids it. */
    boolean put(Message message) {
        Message old = byTopic.get(message.topic());
        if (old == null && byTopic.size() >= maxMessages
                || bytes.get() + message.payload().length - (old == null ? 0 : old.payload().length)
                        > maxBytes) {
            return false;
        }
        if (!hasRoom(old, message)) {
            String name = message.publisher().description();
            memory.retained().refused(name, holderOf(message).bytes());
            return false;
        }
        keep(message);
        return true;
    }

    @Override
    public void restore() {
        try (RetainedView.Scan kept = store.scan()) {
            while (kept.next()) {
                keep(kept.message());
            }
        }
    }

    private void keep(Message message) {
        Message[] replaced = new Message[1];
        byTopic.compute(
                message.topic(),
                (topic, present) -> {
                    replaced[0] = present;
                    link(message);
                    return message;
                });
        account(replaced[0], message);
    }

    private boolean hasRoom(@Nullable Message old, Message message) {
        Holder holder = holderOf(message);
        long more = old == null ? memoryOf(message) : costOf(message);
        if (old != null && holderOf(old) == holder) {
            more -= costOf(old);
        }
        return more <= 0 || memory.retained().hasRoom(holder.bytes(), more);
    }

    @Override
    public long memoryOf(Message message) {
        TopicName topic = message.topic();
        return costOf(message)
                + (long) topic.levelCount() * Footprint.level("")
                + topic.value().length();
    }

    private Holder holderOf(Message message) {
        return memory.holder(idOf(message));
    }

    private static String idOf(Message message) {
        return message.publisher().principalId();
    }

    private static long costOf(Message message) {
        return (long) Footprint.message(message) + PLACES;
    }

    @Override
    public Change remove(Loop loop, Message empty) {
        if (!remove(empty.topic())) {
            return Change.NONE;
        }
        Writing.remove(loop, empty.topic());
        return Change.IN_TURN;
    }

    /** False if there was none. */
    boolean remove(TopicName topic) {
        Message[] removed = new Message[1];
        byTopic.computeIfPresent(
                topic,
                (name, present) -> {
                    removed[0] = present;
                    unlink(name);
                    return null;
                });
        account(removed[0], null);
        return removed[0] != null;
    }

    private void account(@Nullable Message old, @Nullable Message now) {
        if (old != null) {
            bytes.addAndGet(-old.payload().length);
            memory.giveBack(memory.retained(), holderOf(old), costOf(old));
            if (old.properties().expires()) {
                expiring.decrementAndGet();
            }
        }
        if (now != null) {
            bytes.addAndGet(now.payload().length);
            memory.add(memory.retained(), idOf(now), costOf(now));
            if (now.properties().expires()) {
                expiring.incrementAndGet();
            }
        }
    }

    private void link(Message message) {
        RetainedNode leaf = find(message.topic().value());
        if (leaf != null && leaf.message != null) {
            leaf.message = message;
            return;
        }
        synchronized (root) {
            RetainedNode node = root;
            String name = message.topic().value();
            for (int start = 0; start <= name.length(); ) {
                int slash = name.indexOf('/', start);
                int end = slash < 0 ? name.length() : slash;
                ConcurrentHashMap<String, RetainedNode> children = node.children;
                if (children == null) {
                    children = new ConcurrentHashMap<>(2);
                    node.children = children;
                }
                String level = name.substring(start, end);
                RetainedNode child = children.get(level);
                if (child == null) {
                    Holder holder =
                            memory.add(memory.retained(), idOf(message), Footprint.level(level));
                    child = new RetainedNode(level, holder);
                    children.put(level, child);
                }
                node = child;
                start = end + 1;
            }
            node.message = message;
        }
    }

    private @Nullable RetainedNode find(String name) {
        RetainedNode node = root;
        for (int start = 0; start <= name.length() && node != null; ) {
            int slash = name.indexOf('/', start);
            int end = slash < 0 ? name.length() : slash;
            ConcurrentHashMap<String, RetainedNode> children = node.children;
            node = children == null ? null : children.get(name.substring(start, end));
            start = end + 1;
        }
        return node;
    }

    private void unlink(TopicName topic) {
        synchronized (root) {
            String name = topic.value();
            ArrayDeque<RetainedNode> path = new ArrayDeque<>();
            RetainedNode node = root;
            for (int start = 0; start <= name.length(); ) {
                path.push(node);
                int slash = name.indexOf('/', start);
                int end = slash < 0 ? name.length() : slash;
                ConcurrentHashMap<String, RetainedNode> children = node.children;
                RetainedNode child =
                        children == null ? null : children.get(name.substring(start, end));
                if (child == null) {
                    return;
                }
                node = child;
                start = end + 1;
            }
            node.message = null;
            while (!path.isEmpty() && node.message == null && isLeaf(node)) {
                RetainedNode parent = path.pop();
                ConcurrentHashMap<String, RetainedNode> siblings = parent.children;
                if (siblings != null) {
                    siblings.remove(node.level);
                    memory.giveBack(memory.retained(), node.holder, Footprint.level(node.level));
                    if (siblings.isEmpty()) {
                        parent.children = null;
                    }
                }
                node = parent;
            }
        }
    }

    private static boolean isLeaf(RetainedNode node) {
        ConcurrentHashMap<String, RetainedNode> children = node.children;
        return children == null || children.isEmpty();
    }

    @Override
    public RetainedCursor cursor(TopicFilter filter) {
        return new HeapCursor(root, filter);
    }

    /** All of them are found at once: they are in memory anyhow. */
    @Override
    public RetainedWalk walk(List<TopicFilter> filters, int most, boolean subscribed) {
        Map<TopicName, Message> found = new LinkedHashMap<>();
        long now = clock.millis();
        for (TopicFilter filter : filters) {
            HeapCursor cursor = new HeapCursor(root, filter);
            while (!cursor.isDone() && found.size() < most) {
                Message message = cursor.next(now, Integer.MAX_VALUE);
                if (message != null) {
                    found.put(message.topic(), message);
                }
            }
        }
        Iterator<Message> all = found.values().iterator();
        return () -> {
            while (all.hasNext()) {
                Message next = all.next();
                if (!subscribed || byTopic.get(next.topic()) == next) {
                    return next;
                }
            }
            return null;
        };
    }

    /** Every change is written with its turn. */
    @Override
    public void writeAll() {}

    @Override
    public Background.Work expiry(Loop home, long now) {
        Iterator<Message> all =
                expiring.get() == 0 ? Collections.emptyIterator() : byTopic.values().iterator();
        return allowance -> {
            while (all.hasNext()) {
                if (allowance.isUsedUp()) {
                    return true;
                }
                allowance.spend(1);
                Message message = all.next();
                if (message.expiresAt() <= now && remove(message)) {
                    allowance.spend(STEPS_PER_REMOVAL);
                    Writing.remove(home, message.topic());
                }
            }
            return false;
        };
    }

    /** Removes a message unless another one has replaced it. */
    private boolean remove(Message message) {
        boolean[] removed = new boolean[1];
        byTopic.computeIfPresent(
                message.topic(),
                (name, present) -> {
                    if (present != message) {
                        return present;
                    }
                    removed[0] = true;
                    unlink(name);
                    return null;
                });
        if (removed[0]) {
            account(message, null);
        }
        return removed[0];
    }
}
