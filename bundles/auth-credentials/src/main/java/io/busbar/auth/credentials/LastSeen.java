package io.busbar.auth.credentials;

import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.json.JsonException;
import io.busbar.json.JsonMapper;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When credentials were last used, to the minute. Kept apart from them, so that connecting changes
 * no revision, and written now and then. Thread-safe.
 */
final class LastSeen {
    private static final String COLLECTION = "credential_seen";
    private static final JsonMapper MAPPER = JsonMapper.builder().tolerateUnknownKeys().build();
    private static final Logger LOG = LoggerFactory.getLogger(LastSeen.class);

    private final Map<String, Instant> seen = new ConcurrentHashMap<>();
    private final Map<String, Instant> unwritten = new ConcurrentHashMap<>();

    /** The document. */
    private record Seen(Instant at) {}

    static LastSeen load(Documents documents) {
        LastSeen loaded = new LastSeen();
        for (Document document : documents.scan(COLLECTION)) {
            try {
                loaded.seen.put(document.key(), MAPPER.read(document.json(), Seen.class).at());
            } catch (JsonException e) {
                LOG.warn(
                        "When a credential was last seen cannot be read (credential={})",
                        document.key(),
                        e);
            }
        }
        return loaded;
    }

    @Nullable Instant of(String id) {
        return seen.get(id);
    }

    /** Notes that a credential was used; written with the next {@link #write}. */
    void note(String id, Instant at) {
        Instant minute = at.truncatedTo(ChronoUnit.MINUTES);
        if (!minute.equals(seen.put(id, minute))) {
            unwritten.put(id, minute);
        }
    }

    void forget(String id) {
        seen.remove(id);
        unwritten.remove(id);
    }

    /** What to commit when a credential is deleted. */
    static DocumentChange deletion(String id) {
        return DocumentChange.delete(COLLECTION, id);
    }

    /** Writes what is not written yet, of the credentials that still exist. */
    void write(Documents documents, Predicate<String> exists) {
        List<DocumentChange> changes = new ArrayList<>();
        for (String id : List.copyOf(unwritten.keySet())) {
            Instant at = unwritten.remove(id);
            if (at != null && exists.test(id)) {
                changes.add(DocumentChange.put(COLLECTION, id, MAPPER.write(new Seen(at))));
            }
        }
        if (!changes.isEmpty()) {
            documents.commit(changes);
        }
    }
}
