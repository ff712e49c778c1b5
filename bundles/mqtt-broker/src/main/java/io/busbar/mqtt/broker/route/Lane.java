package io.busbar.mqtt.broker.route;

import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.memory.Meter;
import io.busbar.mqtt.broker.topic.Matches;
import io.busbar.mqtt.broker.topic.SubscriptionTree;
import java.util.Arrays;
import java.util.HashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the router keeps for one loop: whom it found for the topics of late, and what it gathers for
 * other loops. Confined to the loop.
 */
final class Lane {
    /** How many topics it remembers before it starts anew. */
    private static final int MAX_TOPICS = 16_384;

    /** And how many subscribers of them, each as often as it was found. */
    private static final int MAX_TARGETS = 262_144;

    /** Longer topics are not remembered: they are rare, and this bounds the memory. */
    private static final int MAX_TOPIC_LENGTH = 256;

    private final Loop loop;
    private final SubscriptionTree tree;
    private final Meter memory;

    /** All of one version of the tree: what is older names sessions that may have ended. */
    private HashMap<TopicName, Matches> cache = new HashMap<>();

    private long version;
    private int targets;
    private long bytes;
    private @Nullable Parcel[] outbox = new Parcel[0];
    private @Nullable Transit[] transits = new Transit[0];
    private int[] dirty = new int[8];
    private int dirtyCount;

    // The last topic again, by identity: the usual case within a turn.
    private @Nullable TopicName lastTopic;
    private @Nullable Matches lastMatches;

    Lane(Loop loop, SubscriptionTree tree) {
        this.loop = loop;
        this.tree = tree;
        this.memory = new Meter(loop.memory().routes());
        loop.atTurnEnd(this::handOver);
        loop.atNextTick(this::look);
    }

    Matches matches(TopicName topic) {
        follow();
        Matches last = lastMatches;
        if (last != null && lastTopic == topic) {
            return last;
        }
        Matches matches = cache.get(topic);
        if (matches == null) {
            matches = tree.match(topic);
            if (topic.utf8().length <= MAX_TOPIC_LENGTH) {
                remember(topic, matches);
            }
        }
        lastTopic = topic;
        lastMatches = matches;
        return matches;
    }

    /** Nothing outlives a change of the tree; one that comes from now on is seen the next time. */
    private void follow() {
        long now = tree.version();
        if (version != now) {
            forget();
            version = now;
        }
    }

    private void remember(TopicName topic, Matches found) {
        long more = Footprint.route(topic, found.size());
        if (cache.size() >= MAX_TOPICS
                || targets + found.size() > MAX_TARGETS
                || !memory.hasRoom(bytes, more)) {
            forget();
            if (!memory.hasRoom(0, more)) {
                return;
            }
        }
        targets += found.size();
        bytes += more;
        memory.add(more);
        cache.put(topic, found);
    }

    /** Lets go of all that it remembers. */
    private void forget() {
        lastTopic = null;
        lastMatches = null;
        if (!cache.isEmpty()) {
            cache = new HashMap<>();
            targets = 0;
            memory.add(-bytes);
            bytes = 0;
        }
    }

    /** A loop that routes nothing keeps no session that has ended either. */
    private void look() {
        follow();
        memory.tell();
        loop.atNextTick(this::look);
    }

    /**
     * Adds a delivery to what the target gets when the turn ends. Returns what the publisher has to
     * wait for if too much is on its way there, else null.
     */
    @Nullable Congestion gather(Loop target, Routed routed, Match match, boolean held, int limit) {
        int slot = target.slot();
        if (slot >= outbox.length) {
            outbox = Arrays.copyOf(outbox, slot + 8);
            transits = Arrays.copyOf(transits, slot + 8);
        }
        Transit transit = transits[slot];
        if (transit == null) {
            transit = new Transit();
            transits[slot] = transit;
        }
        Parcel parcel = outbox[slot];
        if (parcel == null) {
            parcel = new Parcel(target, transit);
            outbox[slot] = parcel;
            if (dirtyCount == dirty.length) {
                dirty = Arrays.copyOf(dirty, dirtyCount * 2);
            }
            dirty[dirtyCount++] = slot;
            loop.touch();
        }
        parcel.add(routed, match, held);
        return transit.add(parcel.size, parcel.bytes, limit);
    }

    /**
     * What is on its way to another loop. A publisher is slowed down here before it can flood a
     * subscriber there that has no chance to say "slow down".
     */
    private static final class Transit {
        /** So many bytes may be on their way as well. */
        private static final long MAX_BYTES = 8 << 20;

        private final AtomicInteger onTheWay = new AtomicInteger();
        private final AtomicLong bytesOnTheWay = new AtomicLong();
        private final Congestion congestion = new Congestion();

        @Nullable Congestion add(int gathered, long bytes, int limit) {
            if (gathered < limit
                    && onTheWay.get() < limit
                    && bytes < MAX_BYTES
                    && bytesOnTheWay.get() < MAX_BYTES) {
                return null;
            }
            synchronized (congestion) {
                congestion.begin();
            }
            return congestion;
        }

        void sent(int count, long bytes) {
            onTheWay.addAndGet(count);
            bytesOnTheWay.addAndGet(bytes);
        }

        void arrived(int count, long bytes) {
            onTheWay.addAndGet(-count);
            bytesOnTheWay.addAndGet(-bytes);
            if (congestion.isHolding()) {
                synchronized (congestion) {
                    congestion.end();
                }
            }
        }
    }

    private void handOver() {
        for (int i = 0; i < dirtyCount; i++) {
            Parcel parcel = outbox[dirty[i]];
            outbox[dirty[i]] = null;
            if (parcel != null) {
                parcel.transit.sent(parcel.size, parcel.bytes);
                parcel.target.execute(parcel);
            }
        }
        dirtyCount = 0;
    }

    /** All deliveries of one turn to one loop. */
    private static final class Parcel implements Runnable {
        private final Loop target;
        private final Transit transit;
        private Routed[] messages = new Routed[16];
        private Match[] matches = new Match[16];
        private boolean[] held = new boolean[16];
        private int size;
        private long bytes;

        Parcel(Loop target, Transit transit) {
            this.target = target;
            this.transit = transit;
        }

        void add(Routed message, Match match, boolean hold) {
            if (size == messages.length) {
                messages = Arrays.copyOf(messages, size * 2);
                matches = Arrays.copyOf(matches, size * 2);
                held = Arrays.copyOf(held, size * 2);
            }
            messages[size] = message;
            matches[size] = match;
            held[size++] = hold;
            bytes += message.footprint();
        }

        @Override
        public void run() {
            for (int i = 0; i < size; i++) {
                Routed message = messages[i];
                Match match = matches[i];
                try {
                    match.subscriber().deliver(target, message, match);
                } catch (RuntimeException | LinkageError failure) {
                    target.failed("delivery", failure);
                } finally {
                    if (held[i]) {
                        message.release();
                    }
                }
            }
            transit.arrived(size, bytes);
        }
    }
}
