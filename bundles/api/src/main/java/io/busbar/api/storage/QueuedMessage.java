package io.busbar.api.storage;

import io.busbar.api.mqtt.Message;
import org.jspecify.annotations.Nullable;

/**
 * A message that is queued for a session: it waits to be sent, or was sent and is not acknowledged.
 *
 * @param sequence its place in the order of delivery
 * @param message the message as it was published
 * @param delivery how it is sent to this session
 * @param packetId the Packet Identifier it was sent with, or 0 if it was not sent yet
 * @param state how far its delivery has come, or null if it was not sent yet
 */
public record QueuedMessage(
        long sequence,
        Message message,
        Delivery delivery,
        int packetId,
        StoreBatch.@Nullable OutboundState state) {}
