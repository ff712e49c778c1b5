package io.busbar.api.storage;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads the retained messages of all shards: all commits that are complete, and possibly some that
 * are not complete yet. May wait for a disk unless {@link BrokerStore#readsAtOnce}. Thread-safe.
 */
@ProviderType
public interface RetainedView {
    /** Returns the retained message of a topic, or empty if there is none. */
    Optional<Message> get(TopicName topic);

    /** Opens a walk over all of them in the order of {@link TopicKey}. */
    Scan scan();

    /**
     * Visits all of them, without what their receivers get of them: faster than a walk. A message
     * that is damaged is found as well. The visitor is called on the calling thread, and must not
     * use the store.
     */
    void heads(HeadVisitor visitor);

    /** Is called for each message. */
    @FunctionalInterface
    interface HeadVisitor {
        /**
         * There is a message.
         *
         * @param topic its topic in UTF-8
         * @param principalId who published it
         * @param payloadBytes how long its payload is
         * @param expiresAt see {@link Message#expiresAt}
         */
        void visit(byte[] topic, String principalId, int payloadBytes, long expiresAt);
    }

    /**
     * A walk over retained messages. It stands before the first until it is moved. What is changed
     * meanwhile may or may not be seen. Not thread-safe; must be closed.
     */
    @ProviderType
    interface Scan extends AutoCloseable {
        /** Goes on to the first whose key is not less; false if there is none. */
        boolean seek(TopicKey key);

        /** Goes on to the next; false if there is none. */
        boolean next();

        /** The key of the one it stands on. */
        TopicKey key();

        /** The message that it stands on. */
        Message message();

        @Override
        void close();
    }
}
