package io.busbar.uns.registry.quarantine;

import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import io.busbar.api.uns.QuarantineStats;
import io.busbar.api.uns.QuarantinedMessage;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.tree.UuidV7;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that are held, one document each. Those that come at the same time are written together:
 * whoever gets to write takes along all who wait. Thread-safe; calls access the disk.
 */
public final class MessageStore {
    private static final Logger LOG = LoggerFactory.getLogger(MessageStore.class);
    private static final String COLLECTION = "uns_quarantine";

    /** So many bytes end a list: payloads may be as large as packets. */
    private static final long MOST_LISTED = 4 << 20;

    private final Documents documents;
    private final Clock clock;
    private final QuarantineLimits limits;
    private final UuidV7 ids;

    /** Held while something is written. */
    private final ReentrantLock writing = new ReentrantLock();

    /** Guarded by itself. */
    private final HeldIndex index = new HeldIndex();

    /** What waits to be written. Guarded by this. */
    private List<Entry> waiting = new ArrayList<>();

    private final LongAdder dropped = new LongAdder();
    private final LongAdder expired = new LongAdder();

    /** A message on its way to the disk; {@link #written} is guarded by {@link #writing}. */
    private static final class Entry {
        private final HeldIndex.Row row;
        private final String json;
        private boolean written;

        /** There was no room for it. */
        private boolean left;

        private @Nullable Throwable failure;

        Entry(HeldIndex.Row row, String json) {
            this.row = row;
            this.json = json;
        }
    }

    /**
     * Loads what is held. Documents that cannot be read stay where they are and are named in the
     * log.
     */
    public MessageStore(Documents documents, Clock clock, QuarantineLimits limits) {
        this.documents = documents;
        this.clock = clock;
        this.limits = limits;
        this.ids = new UuidV7(clock);
        documents.scan(COLLECTION, this::load);
    }

    private void load(Document document) {
        try {
            QuarantinedMessage held = HeldDocument.read(document.key(), document.json());
            index.add(row(held.id(), held.message()));
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "Quarantine: a message cannot be read; its document is kept (collection={},"
                            + " key={})",
                    document.collection(),
                    document.key(),
                    e);
        }
    }

    private static HeldIndex.Row row(UUID id, Message message) {
        return new HeldIndex.Row(
                id,
                message.topic().value(),
                message.publisher().principalId(),
                message.sizeBytes(),
                message.receivedAt());
    }

    /**
     * Holds a message. When this returns it is on the disk. If the thread is interrupted, because
     * nobody waits any more, it is not held.
     *
     * @param revision of the topic's node
     * @return false if there is no room for it, so it is not held
     * @throws io.busbar.api.storage.StorageException if it cannot be written
     */
    public boolean add(Message message, Violation wrong, long revision) {
        if (limits.messages() == 0 || message.sizeBytes() > limits.bytes()) {
            return false;
        }
        Entry entry =
                new Entry(row(ids.next(), message), HeldDocument.write(message, wrong, revision));
        synchronized (this) {
            waiting.add(entry);
        }
        try {
            writing.lockInterruptibly();
        } catch (InterruptedException tooLate) {
            Thread.currentThread().interrupt();
            withdraw(entry);
            throw new StorageException("the message could not be held in time", tooLate);
        }
        try {
            if (!entry.written) {
                writeWaiting();
            }
        } finally {
            writing.unlock();
        }
        Throwable failure = entry.failure;
        if (failure != null) {
            throw new StorageException("the message could not be held", failure);
        }
        if (Thread.currentThread().isInterrupted()) {
            // Whoever waited has given up, and lets the message pass.
            withdraw(entry);
            throw new StorageException("the message could not be held in time");
        }
        return !entry.left;
    }

    /** Holds nothing of a message that is delivered after all. */
    private void withdraw(Entry entry) {
        synchronized (this) {
            if (waiting.remove(entry)) {
                return;
            }
        }
        delete(List.of(entry.row.id()));
    }

    private void writeWaiting() {
        List<Entry> batch;
        synchronized (this) {
            batch = waiting;
            waiting = new ArrayList<>();
        }
        List<HeldIndex.Row> gone = new ArrayList<>();
        synchronized (index) {
            batch.forEach(each -> index.add(each.row));
            for (HeldIndex.Row row; (row = tooMuch()) != null; ) {
                index.remove(row.id());
                gone.add(row);
            }
        }
        try {
            documents.commit(changes(batch, gone));
            long left = batch.stream().filter(each -> each.left).count();
            dropped.add(gone.size() - left);
        } catch (RuntimeException | Error e) {
            synchronized (index) {
                gone.forEach(index::add);
                batch.forEach(each -> index.remove(each.row.id()));
            }
            batch.forEach(each -> each.failure = e);
        } finally {
            batch.forEach(each -> each.written = true);
        }
    }

    /** What goes in the same moment as it comes is not written. */
    private static List<DocumentChange> changes(List<Entry> batch, List<HeldIndex.Row> gone) {
        Set<UUID> unwanted = new HashSet<>();
        gone.forEach(row -> unwanted.add(row.id()));
        List<DocumentChange> changes = new ArrayList<>();
        for (Entry each : batch) {
            each.left = unwanted.remove(each.row.id());
            if (!each.left) {
                changes.add(DocumentChange.create(COLLECTION, each.row.id().toString(), each.json));
            }
        }
        unwanted.forEach(id -> changes.add(DocumentChange.delete(COLLECTION, id.toString())));
        return changes;
    }

    /** What goes because there is too much; null if there is room. */
    private HeldIndex.@Nullable Row tooMuch() {
        if (index.size() > limits.messages()) {
            return index.first(HeldIndex.Share::messages);
        }
        return index.bytes() > limits.bytes() ? index.first(HeldIndex.Share::bytes) : null;
    }

    /** Lets go of what is too old; called now and then. */
    public void expire() {
        long oldest = clock.millis() - TimeUnit.DAYS.toMillis(limits.days());
        List<UUID> old;
        synchronized (index) {
            old = index.before(oldest).stream().map(HeldIndex.Row::id).toList();
        }
        expired.add(delete(old));
    }

    /** Some messages, the latest first. */
    public List<QuarantinedMessage> list(@Nullable String topic, @Nullable UUID before, int limit) {
        List<UUID> found;
        synchronized (index) {
            found = index.latest(topic, before, limit);
        }
        List<QuarantinedMessage> messages = new ArrayList<>(found.size());
        long bytes = 0;
        for (UUID id : found) {
            QuarantinedMessage held = get(id).orElse(null);
            if (held != null) {
                messages.add(held);
                bytes += held.message().sizeBytes();
            }
            if (bytes > MOST_LISTED) {
                break;
            }
        }
        return messages;
    }

    public Optional<QuarantinedMessage> get(UUID id) {
        return documents
                .get(COLLECTION, id.toString())
                .map(document -> HeldDocument.read(document.key(), document.json()));
    }

    /** Lets go of a message; false if it is not held. */
    public boolean remove(UUID id) {
        return delete(List.of(id)) > 0;
    }

    /** Lets go of all messages of a topic, or of all; says how many there were. */
    public int removeAll(@Nullable String topic) {
        List<UUID> all;
        synchronized (index) {
            all = index.all(topic);
        }
        return delete(all);
    }

    private int delete(List<UUID> unwanted) {
        writing.lock();
        try {
            List<DocumentChange> changes = new ArrayList<>(unwanted.size());
            synchronized (index) {
                for (UUID id : unwanted) {
                    if (index.has(id)) {
                        changes.add(DocumentChange.delete(COLLECTION, id.toString()));
                    }
                }
            }
            if (!changes.isEmpty()) {
                documents.commit(changes);
            }
            synchronized (index) {
                unwanted.forEach(index::remove);
            }
            return changes.size();
        } finally {
            writing.unlock();
        }
    }

    public QuarantineStats stats() {
        synchronized (index) {
            return new QuarantineStats(index.size(), index.bytes(), dropped.sum(), expired.sum());
        }
    }
}
