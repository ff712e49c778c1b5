package io.busbar.api.uns;

import io.busbar.api.audit.Actor;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The messages that {@link ValidationMode#QUARANTINE} held back. They are on the disk before their
 * publishers are answered, and are bounded in number, bytes and age. If there are too many, the
 * publisher that has most loses its oldest, of its topic that has most. Thread-safe; calls access
 * the disk.
 */
@ProviderType
public interface Quarantine {
    /**
     * Messages, the latest first.
     *
     * @param topic of which topic; null = of all
     * @param before only older ones than this one; null = from the latest on
     * @param limit how many at most; fewer if they are large
     */
    List<QuarantinedMessage> list(@Nullable String topic, @Nullable UUID before, int limit);

    /** A message; empty if it is not held any more. */
    Optional<QuarantinedMessage> get(UUID id);

    /** How full it is. */
    QuarantineStats stats();

    /** What is wrong with a message by the model of now; empty if it would be delivered. */
    Optional<Violation> check(QuarantinedMessage held);

    /**
     * The model of the topic of now, changed as little as possible so that the message fits: wider
     * types and limits, fields that need not be there, new fields.
     *
     * @return empty if there is no such model, or the topic has none any more
     */
    Optional<Model> accepting(QuarantinedMessage held);

    /**
     * Lets go of a message, because it was published again or nobody needs it.
     *
     * @return false if it is not held any more
     */
    boolean remove(UUID id, Actor actor);

    /**
     * Lets go of all messages of a topic.
     *
     * @param topic null = of all topics
     * @return how many there were
     */
    int removeAll(@Nullable String topic, Actor actor);
}
