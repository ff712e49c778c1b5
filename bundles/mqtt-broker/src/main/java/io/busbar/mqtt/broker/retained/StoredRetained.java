package io.busbar.mqtt.broker.retained;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryHolder;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.TopicKey;
import io.busbar.mqtt.broker.limit.RetainedLimits;
import io.busbar.mqtt.broker.loop.Background;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.loop.PerLoop;
import io.busbar.mqtt.broker.loop.Shards;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.retained.Page.Found;
import io.busbar.mqtt.broker.store.StoreReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Retained Messages of a store on a disk. In memory are: an index of hashes that decides the
 * bounds; the changes that the store does not show for sure yet; and a few messages of late.
 *
 * <p>Every change has a number. A page that was read says up to which change it shows everything,
 * and the index says which change was the last of a topic. So what was read is never taken for
 * newer than it is. Thread-safe.
 */
public final class StoredRetained implements RetainedMessages {
    /** The version of a topic without a Retained Message. */
    static final long NO_VERSION = 0;

    private static final long FIRST_VERSION = 1;
    private static final int STRIPES = 64;

    /** Expired messages that are taken out of the index under one lock. */
    private static final int EXPIRED_AT_ONCE = 64;

    /** Steps of background work for looking through a stripe, and for what has expired in it. */
    private static final int STEPS_PER_STRIPE = 32;

    private static final int STEPS_PER_REMOVAL = 16;

    /** Bytes from which on it is worth letting go of messages of late. */
    private static final int WORTH_IT = 32 << 10;

    private final RetainedView store;
    private final @Nullable StoreReader reader;
    private final Loops loops;
    private final BrokerMemory memory;
    private final RetainedLimits limits;
    private final SipHash hashes = SipHash.random();
    private final Overlay overlay = new Overlay();
    private final Owners owners;
    private final MemoryAccount recents;
    private final Stripe[] stripes = new Stripe[STRIPES];
    private final AtomicLong versions = new AtomicLong(FIRST_VERSION);
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final Pages pages;
    private final LateWriter late;
    private final Cleaning cleaning;
    private final PerLoop<Turn> turns = new PerLoop<>(Turn::new);

    /** Some topics: their index and their messages of late. All of it is guarded by its lock. */
    private static final class Stripe {
        private final TopicTable table = new TopicTable();
        private final Recent recent;

        Stripe(Recent recent) {
            this.recent = recent;
        }
    }

    /**
     * What is known of a topic without the store.
     *
     * @param isKnown false if the store has to be asked
     */
    record Known(boolean isKnown, @Nullable Message message) {
        private static final Known UNKNOWN = new Known(false, null);
        private static final Known NOTHING = new Known(true, null);
    }

    /** What a loop has written in the turn at hand. */
    private final class Turn {
        private final Loop loop;
        private List<Pending> written = new ArrayList<>();

        Turn(Loop loop) {
            this.loop = loop;
            loop.atTurnEnd(this::ended);
        }

        private void ended() {
            if (!written.isEmpty()) {
                List<Pending> all = written;
                written = new ArrayList<>();
                loop.onceVisible(failure -> visible(all, failure != null));
            }
        }
    }

    /**
     * Makes an empty one.
     *
     * @param reader reads from the store; null if it answers at once
     */
    public StoredRetained(
            RetainedView store,
            @Nullable StoreReader reader,
            Loops loops,
            Shards shards,
            BrokerMemory memory,
            RetainedLimits limits) {
        this.store = store;
        this.reader = reader;
        this.loops = loops;
        this.memory = memory;
        this.limits = limits;
        this.owners = new Owners(memory);
        this.recents = memory.recent(this::recents);
        long most = memory.passing(limits.cacheBytes()) / STRIPES;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe(new Recent(recents, most));
        }
        this.pages = new Pages(store, overlay, versions, hashes, loops.clock());
        this.late = new LateWriter(loops, shards, limits, memory, this::write);
        this.cleaning = new Cleaning(this, loops.home(), late);
    }

    // ---- what is there

    @Override
    public void restore() {
        long now = loops.clock().millis();
        store.heads(
                (topic, principalId, payloadBytes, expiresAt) -> {
                    if (expiresAt <= now) {
                        cleaning.found(1);
                        return;
                    }
                    long hash = hashes.of(topic);
                    Stripe stripe = stripe(hash);
                    int second = secondOf(expiresAt);
                    synchronized (stripe) {
                        index(stripe, hash, principalId, payloadBytes, second, FIRST_VERSION);
                    }
                });
    }

    @Override
    public int size() {
        return size.get();
    }

    @Override
    public long bytes() {
        return bytes.get();
    }

    Pages pages() {
        return pages;
    }

    /** The number of the last change. */
    long version() {
        return versions.get();
    }

    long hashOf(TopicName topic) {
        return hashes.of(topic.utf8());
    }

    private Stripe stripe(long hash) {
        return stripes[(int) hash & STRIPES - 1];
    }

    /** The number of the last change of a topic, or {@link #NO_VERSION} if nothing is retained. */
    long versionOf(long hash) {
        Stripe stripe = stripe(hash);
        synchronized (stripe) {
            int place = stripe.table.find(hash);
            return place == TopicTable.NONE ? NO_VERSION : stripe.table.version(place);
        }
    }

    /** What is known of a topic without the store. */
    Known known(TopicName topic) {
        Pending pending = overlay.get(TopicKey.of(topic));
        if (pending != null) {
            return new Known(true, pending.message);
        }
        long hash = hashOf(topic);
        Stripe stripe = stripe(hash);
        synchronized (stripe) {
            if (stripe.table.find(hash) == TopicTable.NONE) {
                return Known.NOTHING;
            }
            Message recent = stripe.recent.get(topic);
            return recent == null ? Known.UNKNOWN : new Known(true, recent);
        }
    }

    /** Reads the messages of topics and remembers them. May wait for the store. */
    Page readTopics(List<TopicName> topics) {
        Page page = pages.read(topics);
        for (Found found : page.found()) {
            Stripe stripe = stripe(found.hash());
            synchronized (stripe) {
                int place = stripe.table.find(found.hash());
                if (place != TopicTable.NONE && stripe.table.version(place) <= page.asOf()) {
                    stripe.recent.put(found.message());
                }
            }
        }
        return page;
    }

    @Override
    public @Nullable Message get(TopicName topic) {
        while (true) {
            long asOf = version();
            Known known = known(topic);
            Message message = known.message();
            if (!known.isKnown()) {
                Optional<Message> stored = store.get(topic);
                long version = versionOf(hashOf(topic));
                if (version > asOf) {
                    continue; // changed meanwhile
                }
                message = version == NO_VERSION ? null : stored.orElse(null);
            }
            return message == null || message.expiresAt() <= loops.clock().millis()
                    ? null
                    : message;
        }
    }

    @Override
    public RetainedCursor cursor(TopicFilter filter) {
        return new StoredCursor(this, filter);
    }

    @Override
    public RetainedWalk walk(List<TopicFilter> filters, int most, boolean subscribed) {
        return new StoredWalk(this, filters, most, subscribed ? version() : Long.MAX_VALUE);
    }

    /** Reads on a thread that may wait; the answer comes on the loop, later. */
    <T> void read(Loop loop, Callable<T> read, StoreReader.Then<T> then) {
        if (reader == null) {
            StoreReader.readHere(loop, read, then);
        } else {
            reader.read(loop, read, then);
        }
    }

    // ---- changes

    @Override
    public Change put(Loop loop, Message message) {
        TopicName topic = message.topic();
        TopicKey key = TopicKey.of(topic);
        long hash = hashOf(topic);
        Stripe stripe = stripe(hash);
        boolean inTurn = message.qos() != Qos.AT_MOST_ONCE;
        synchronized (stripe) {
            Pending pending = overlay.get(key);
            if (!hasRoom(stripe, hash, message)
                    || !late.hasRoom(pending, costOf(topic, message), inTurn)) {
                return Change.REFUSED;
            }
            if (inTurn) {
                loop.retainedBatch(topic.value()); // before anything changes: it may fail
            }
            change(pending, key, topic, hash, message, inTurn ? loop : null);
            index(stripe, hash, message, versions.incrementAndGet());
            stripe.recent.put(message);
        }
        if (inTurn) {
            Writing.put(loop, message);
        }
        return inTurn ? Change.IN_TURN : Change.LATER;
    }

    @Override
    public long memoryOf(Message message) {
        return TopicTable.ENTRY_BYTES;
    }

    private boolean hasRoom(Stripe stripe, long hash, Message message) {
        int place = stripe.table.find(hash);
        int old = place == TopicTable.NONE ? 0 : stripe.table.size(place);
        if (bytes.get() + message.payload().length - old > limits.maxBytes()) {
            return false;
        }
        if (place != TopicTable.NONE) {
            return true;
        }
        if (size.get() >= limits.maxMessages()) {
            return false;
        }
        long held = memory.holder(message.publisher().principalId()).bytes();
        if (!memory.retained().hasRoom(held, memoryOf(message))) {
            memory.retained().refused(message.publisher().description(), held);
            return false;
        }
        return true;
    }

    @Override
    public Change remove(Loop loop, Message empty) {
        TopicName topic = empty.topic();
        TopicKey key = TopicKey.of(topic);
        long hash = hashOf(topic);
        Stripe stripe = stripe(hash);
        boolean inTurn = empty.qos() != Qos.AT_MOST_ONCE;
        synchronized (stripe) {
            int place = stripe.table.find(hash);
            Pending pending = overlay.get(key);
            // One that is removed already, but perhaps not in the store yet: who is answered is
            // told that it is.
            if (place == TopicTable.NONE && (pending == null || !inTurn)) {
                return Change.NONE;
            }
            if (!inTurn && !late.hasRoom(pending, costOf(topic, null), false)) {
                return Change.REFUSED;
            }
            if (inTurn) {
                loop.retainedBatch(topic.value()); // before anything changes: it may fail
            }
            change(pending, key, topic, hash, null, inTurn ? loop : null);
            versions.incrementAndGet();
            if (place != TopicTable.NONE) {
                unindex(stripe, place);
            }
            stripe.recent.remove(topic);
        }
        if (inTurn) {
            Writing.remove(loop, topic);
        }
        return inTurn ? Change.IN_TURN : Change.LATER;
    }

    private static long costOf(TopicName topic, @Nullable Message message) {
        return (long) Pending.BYTES
                + (message == null ? Footprint.topic(topic) : Footprint.message(message));
    }

    /**
     * Makes a change visible; under the lock of its stripe.
     *
     * @param writing the loop that writes it in this turn, or null if it is written later
     */
    private void change(
            @Nullable Pending known,
            TopicKey key,
            TopicName topic,
            long hash,
            @Nullable Message message,
            @Nullable Loop writing) {
        Pending pending = known == null ? new Pending(key, topic, hash) : known;
        long cost = costOf(topic, message);
        late.costs(pending, cost);
        pending.message = message;
        if (known == null) {
            overlay.add(pending);
        }
        if (writing == null) {
            late.add(pending);
        } else {
            writtenBy(writing, pending);
        }
    }

    /** A loop writes the change in this turn; under the lock of its stripe. */
    private void writtenBy(Loop loop, Pending pending) {
        pending.dirty = false;
        pending.mixed |= pending.underWay > 0 && pending.loop != loop;
        pending.underWay++;
        pending.loop = loop;
        turns.of(loop).written.add(pending);
    }

    /** Writes one that waits, with the turn of the broker's own loop. */
    private void write(Loop home, Pending pending) {
        home.retainedBatch(pending.topic.value()); // before anything changes: it may fail
        Message message;
        synchronized (stripe(pending.hash)) {
            pending.queued = false;
            if (!pending.dirty) {
                return;
            }
            message = pending.message;
            writtenBy(home, pending);
        }
        if (message == null) {
            Writing.remove(home, pending.topic);
        } else {
            Writing.put(home, message);
        }
    }

    /** The store shows what a turn wrote, unless it failed in a way that it should not. */
    private void visible(List<Pending> written, boolean failed) {
        for (Pending pending : written) {
            synchronized (stripe(pending.hash)) {
                pending.underWay--;
                if (failed || pending.mixed && pending.underWay == 0) {
                    pending.mixed = false;
                    late.add(pending);
                } else if (pending.underWay == 0 && !pending.dirty) {
                    overlay.remove(pending);
                    late.done(pending);
                }
            }
        }
        late.wrote();
    }

    @Override
    public void writeAll() {
        late.writeAll();
    }

    /** What was kept for speed only; it goes before anything of anybody does. */
    private @Nullable MemoryHolder recents() {
        long held = recents.bytes();
        return held < WORTH_IT
                ? null
                : new MemoryHolder(
                        "retained messages of late", Long.MAX_VALUE, held, this::forgetRecent);
    }

    private void forgetRecent() {
        for (Stripe stripe : stripes) {
            synchronized (stripe) {
                stripe.recent.clear();
            }
        }
    }

    // ---- the index; under the lock of the stripe

    private void index(Stripe stripe, long hash, Message message, long version) {
        index(
                stripe,
                hash,
                message.publisher().principalId(),
                message.payload().length,
                secondOf(message.expiresAt()),
                version);
    }

    private void index(
            Stripe stripe, long hash, String id, int length, int expirySecond, long version) {
        int place = stripe.table.find(hash);
        int owner;
        if (place == TopicTable.NONE) {
            owner = owners.add(id);
            size.incrementAndGet();
            bytes.addAndGet(length);
        } else {
            owner = stripe.table.owner(place);
            if (!owners.is(owner, id)) {
                owners.remove(owner);
                owner = owners.add(id);
            }
            bytes.addAndGet(length - stripe.table.size(place));
        }
        stripe.table.put(hash, version, length, expirySecond, owner);
    }

    private void unindex(Stripe stripe, int place) {
        owners.remove(stripe.table.owner(place));
        size.decrementAndGet();
        bytes.addAndGet(-stripe.table.size(place));
        stripe.table.remove(place);
    }

    /** The second in which a message has expired, or 0. */
    private static int secondOf(long expiresAt) {
        return expiresAt == Long.MAX_VALUE
                ? 0
                : (int) Math.min(0xFFFF_FFFEL, (expiresAt + 999) / 1_000);
    }

    // ---- the end of messages

    /**
     * Takes what has expired out of the index, without the store: nobody gets it any more. What is
     * left of it in the store is removed when it is much.
     */
    @Override
    public Background.Work expiry(Loop home, long now) {
        int second = (int) (now / 1_000);
        int[] at = new int[1];
        return allowance -> {
            while (at[0] < STRIPES) {
                if (allowance.isUsedUp()) {
                    return true;
                }
                Stripe stripe = stripes[at[0]];
                int most =
                        Math.max(
                                1, Math.min(EXPIRED_AT_ONCE, allowance.left() / STEPS_PER_REMOVAL));
                int expired = 0;
                synchronized (stripe) {
                    if (stripe.table.mayHaveExpired(second)) {
                        for (long hash : stripe.table.expired(second, most)) {
                            unindex(stripe, stripe.table.find(hash));
                            expired++;
                        }
                        allowance.spend(STEPS_PER_STRIPE + expired * STEPS_PER_REMOVAL);
                    }
                }
                cleaning.found(expired);
                if (expired < most) {
                    at[0]++;
                }
            }
            cleaning.cleanUp(now);
            return false;
        };
    }

    /** Removes from the store what has expired, unless it was replaced. */
    void removeExpired(Found found) {
        TopicName topic = found.message().topic();
        Stripe stripe = stripe(found.hash());
        synchronized (stripe) {
            if (stripe.table.find(found.hash()) == TopicTable.NONE
                    && overlay.get(found.key()) == null) {
                change(null, found.key(), topic, found.hash(), null, null);
                stripe.recent.remove(topic);
            }
        }
    }
}
