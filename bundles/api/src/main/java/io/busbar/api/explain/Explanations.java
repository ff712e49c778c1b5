package io.busbar.api.explain;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Explains what becomes of the messages of a topic. Published as a service by the broker.
 *
 * <p>An explanation is computed when it is asked for, from what is there at that moment: rights,
 * subscriptions, connections and queues. Nothing is recorded beforehand, so it costs no message
 * anything; and it says what would happen if the message came now. Where that differs from what has
 * happened, because a client came later, it says so.
 *
 * <p>Thread-safe. Calls read from other threads than the event loops, so what they tell is a moment
 * old, and the loops do not wait for them. They may read a Retained Message from the store, and ask
 * permissions for each subscriber that is looked at, so they take up to some hundred milliseconds
 * where very many subscribe: never call from an event loop.
 */
@ProviderType
public interface Explanations {
    /** So many subscribers are looked at; of more than that it is only told how many there are. */
    int MOST_EXAMINED = 10_000;

    /** So many of them are told one by one. */
    int MOST_LISTED = 200;

    /**
     * Answers a question.
     *
     * @throws IllegalArgumentException if a filter of the question is not valid
     * @throws io.busbar.api.storage.StorageException if the Retained Message cannot be read
     */
    Explanation explain(Question question);
}
