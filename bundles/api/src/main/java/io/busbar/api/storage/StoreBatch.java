package io.busbar.api.storage;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Collects changes of a shard that are committed together. The broker fills one per turn of an
 * event loop. A message that goes to several sessions is added once with {@link #message} and then
 * queued for each of them.
 *
 * <p>Nothing is visible before the commit. Of several changes to the same thing the last one
 * counts. Not thread-safe. A session is named by its {@link SessionRecord#session} number.
 */
@ProviderType
public interface StoreBatch {
    /** Whether it holds no changes. */
    boolean isEmpty();

    /** The number of changes in it. */
    int size();

    /**
     * Bytes of the heap that its changes take from the commit until they are written; about, and 0
     * if that is at once. Asked after the commit.
     */
    long bytes();

    /**
     * Adds a message to the batch, for {@link #enqueue} and {@link #retain}.
     *
     * @return the number by which other operations of this batch refer to the message
     */
    int message(Message message);

    /**
     * Queues a message for a session.
     *
     * @param session the session's number
     * @param sequence the place in the order of delivery; greater than all of the session in
     *     earlier batches
     * @param message what {@link #message} returned. What is queued for several sessions in a row
     *     may be stored once
     * @param delivery how the message is sent to this session
     * @param packetId the Packet Identifier that it is sent with, {@link OutboundState#PUBLISHED};
     *     or 0 if it has to wait
     */
    void enqueue(long session, long sequence, int message, Delivery delivery, int packetId);

    /**
     * Stores how far the delivery of a queued message has come, so that it can be continued with
     * the same Packet Identifier.
     */
    void outbound(long session, long sequence, int packetId, OutboundState state);

    /**
     * Removes a message from a session's queue because it was acknowledged, expired or dropped.
     *
     * @param tracked whether {@link #outbound} was called for it
     */
    void acknowledge(long session, long sequence, boolean tracked);

    /** Removes all messages between two sequence numbers, both included, from a session's queue. */
    void acknowledgeRange(long session, long fromSequence, long toSequence);

    /** Stores that a message of QoS 2 was accepted from the client, and waits for PUBREL. */
    void inbound(long session, InboundMessage message);

    /** Removes an inbound Packet Identifier after PUBREL. */
    void releaseInbound(long session, int packetId);

    /**
     * Stores that all messages of QoS 2 from the client up to a number were taken over, or have
     * ended otherwise: {@link DeliveryMark marks} of them do not count any more. {@link
     * #releaseInbound} does not take it back.
     */
    void received(long session, long number);

    /**
     * Creates or replaces a mark.
     *
     * @param slot its place, which the owner chooses: positive, and one mark each in a shard
     */
    void mark(long slot, DeliveryMark mark);

    /** Removes the mark of a slot. */
    void deleteMark(long slot);

    /** Creates or replaces a session's record. */
    void putSession(SessionRecord session);

    /** Removes a session with its subscriptions and its queued messages. */
    void deleteSession(long session);

    /** Creates or replaces a subscription of a session. */
    void putSubscription(long session, SubscriptionRecord subscription);

    /**
     * Removes a subscription.
     *
     * @param filter the filter as the client wrote it
     */
    void deleteSubscription(long session, String filter);

    /**
     * Makes a message the retained message of its topic.
     *
     * @param message what {@link #message} returned
     */
    void retain(int message);

    /** Removes the retained message of a topic. */
    void deleteRetained(TopicName topic);

    /** How far the delivery of a sent message has come. */
    enum OutboundState {
        /** PUBLISH was sent; PUBACK or PUBREC is expected. */
        PUBLISHED,
        /** PUBREC was received and PUBREL sent; PUBCOMP is expected. */
        RELEASED
    }
}
