package io.busbar.api.transfer;

import io.busbar.api.audit.Actor;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.SubscriptionRecord;
import java.util.List;
import java.util.function.Consumer;
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
    /**
     * Begins a walk over the sessions that outlive their connection.
     *
     * @param damage is told, by the one who walks, what is damaged and left out; for people
     */
    SessionWalk sessions(Consumer<String> damage);

    /**
     * Begins a walk over the retained messages of clients, without those whose lifetime is over.
     *
     * @param damage is told, by the one who walks, what is damaged and left out; for people
     */
    MessageWalk retained(Consumer<String> damage);

    /**
     * Why no client could publish a message here, whatever its rights are; null if one could. The
     * topic may have too many levels, or the message too many bytes.
     */
    @Nullable String problemOf(Message message);

    /**
     * Begins to foresee what becomes of retained messages that are published one after the other.
     */
    Forecast forecast();

    /**
     * Begins to take up sessions; must be closed.
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

    /**
     * What becomes of retained messages that are published, without publishing them: as if those
     * before were there already. Confined to one thread; must be closed.
     */
    @ProviderType
    interface Forecast extends AutoCloseable {
        /** Whether there would be a retained message of a topic by then. */
        boolean exists(TopicName topic);

        /** Whether there would be room for a message; if so, it counts from now on. */
        boolean take(Message message);

        @Override
        void close();
    }

    /**
     * Sessions that are taken up, one after the other. Those that are whole are written to the
     * store together, a bounded number of them and of their bytes, so that many small ones do not
     * wait for the disk one by one. Confined to one thread; must be closed.
     */
    @ProviderType
    interface Arrivals extends AutoCloseable {
        /**
         * Begins to take up a session. Until it is there or closed, nobody else gets its Client
         * Identifier: its client waits.
         *
         * @param record its record; the number does not count
         * @throws IllegalArgumentException if it cannot be taken up, e.g. because its client is
         *     connected; the message says why
         */
        Arrival begin(SessionRecord record);

        /** Waits until all that are complete are durable and there. */
        void settle();

        /** Leaves nothing behind of those that are complete, and not there. */
        @Override
        void close();
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
         * It is whole: it is there at the latest with {@link Arrivals#settle}. It need not be
         * closed any more.
         *
         * @param there is run when it is, by this call or a later one; in a dry run at once
         * @throws IllegalArgumentException if there is no room for it
         */
        void complete(Runnable there);

        /** Leaves nothing behind of a session that is not complete. */
        @Override
        void close();
    }
}
