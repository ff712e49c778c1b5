package io.busbar.api.storage;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Changes of a shard that belong together, filled once per event-loop turn: a message once, then
 * who is owed it. Nothing is visible before the commit. Not thread-safe.
 */
@ProviderType
public interface StoreBatch {
    boolean isEmpty();

    /** How many changes it holds. */
    int size();

    /**
     * Adds a message body; returns the number by which the operations of this batch refer to it.
     */
    int message(Message message);

    /**
     * Owes a message to a session.
     *
     * @param sequence greater than any the session had before: the order of delivery
     * @param message what {@link #message} returned
     */
    void enqueue(long session, long sequence, int message, Delivery delivery);

    /**
     * Remembers how far the delivery of an owed message has come, so that it is resumed with the
     * same Packet Identifier.
     */
    void outbound(long session, long sequence, int packetId, OutboundState state);

    /** A message is no longer owed: acknowledged, expired or dropped. */
    void acknowledge(long session, long sequence);

    /**
     * Remembers that a QoS 2 message with this Packet Identifier was taken over and waits for
     * PUBREL.
     */
    void inbound(long session, int packetId);

    /** Forgets an inbound Packet Identifier. */
    void releaseInbound(long session, int packetId);

    /** Creates or replaces a session's record. */
    void putSession(SessionRecord session);

    /** Forgets a session and everything it owns. */
    void deleteSession(long session);

    void putSubscription(long session, SubscriptionRecord subscription);

    /**
     * Forgets a subscription.
     *
     * @param filter as the client wrote it
     */
    void deleteSubscription(long session, String filter);

    /** Retains a message that {@link #message} was told of. */
    void retain(int message);

    void deleteRetained(TopicName topic);

    /** The state of an owed message that was sent. */
    enum OutboundState {
        /** PUBLISH sent; PUBACK or PUBREC is waited for. */
        PUBLISHED,
        /** PUBREC received, PUBREL sent; PUBCOMP is waited for. */
        RELEASED
    }
}
