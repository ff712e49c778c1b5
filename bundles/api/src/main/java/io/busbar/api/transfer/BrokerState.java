package io.busbar.api.transfer;

import io.busbar.api.audit.Actor;
import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.SubscriptionRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the broker keeps, to be read piece by piece, and sessions from elsewhere, which it takes up
 * while it runs. Published as a service by the broker. Thread-safe. Calls wait for the disk and for
 * event loops, so never call from one.
 *
 * @see io.busbar.api.storage.StorageException which all methods throw if the store cannot be read
 *     or written
 */
@ProviderType
public interface BrokerState {
    /** Begins a walk over the sessions that outlive their connection. */
    SessionWalk sessions();

    /**
     * Begins a walk over the retained messages of clients, without those whose lifetime is over.
     */
    MessageWalk retained();

    /**
     * Why no client could publish a message here, whatever its rights are; null if one could. The
     * topic may have too many levels, or the message too many bytes.
     */
    @Nullable String problemOf(Message message);

    /**
     * Begins to take up sessions.
     *
     * @param replace whether a session that is there already ends as soon as the new one is whole;
     *     its will, if one waits, is sent
     * @param dryRun whether everything is only checked
     */
    Arrivals arrivals(boolean replace, boolean dryRun, Actor actor);

    /** A walk over sessions. It stands before the first. Not thread-safe. */
    @ProviderType
    interface SessionWalk {
        /** Goes on to the next session, or returns null at the end. */
        @Nullable SessionRecord next();

        /** The subscriptions of the session. */
        List<SubscriptionRecord> subscriptions();

        /**
         * Packet Identifiers of messages of QoS 2 that came from its client; PUBREL is expected.
         */
        int[] inbound();

        /** The next of the messages that are queued for it, in their order; empty at the end. */
        List<QueuedMessage> messages();
    }

    /** A walk over retained messages. Not thread-safe. */
    @FunctionalInterface
    interface MessageWalk {
        /** The next message, or null at the end. */
        @Nullable Message next();
    }

    /** Sessions that are taken up, one after the other. Confined to one thread. */
    @FunctionalInterface
    interface Arrivals {
        /**
         * Begins to take up a session. Until it is {@link Arrival#complete} or closed, nobody else
         * gets its Client Identifier: its client waits.
         *
         * @param record its record; the number does not count
         * @throws IllegalArgumentException if it cannot be taken up, e.g. because its client is
         *     connected; the message says why
         */
        Arrival begin(SessionRecord record);
    }

    /**
     * A session that is being taken up. Its clients and publishers see it when it is complete.
     * Confined to one thread; must be closed.
     *
     * <p>Methods that add something throw {@link IllegalArgumentException} if it does not fit; then
     * it is left out, and the session can be completed without it.
     */
    @ProviderType
    interface Arrival extends AutoCloseable {
        /** Whether there is a session with its Client Identifier, and what becomes of it. */
        enum Outcome {
            CREATES,
            REPLACES,
            /** It stays; nothing must be added to this one, and it cannot be completed. */
            EXISTS,
            /** Its lifetime is over; likewise. */
            EXPIRED
        }

        Outcome outcome();

        void subscribe(SubscriptionRecord subscription);

        /** The Packet Identifier of a message of QoS 2 that came from its client. */
        void inbound(int packetId);

        /**
         * Queues a message behind those before; those that were sent come first.
         *
         * @param queued the message; its number does not count
         */
        void queue(QueuedMessage queued);

        /**
         * Waits until all of it is durable; then it is there.
         *
         * @throws IllegalArgumentException if there is no room for it
         */
        void complete();

        /** Leaves nothing behind of a session that is not complete. */
        @Override
        void close();
    }
}
