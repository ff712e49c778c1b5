package io.busbar.api.storage;

import io.busbar.api.mqtt.Message;
import org.jspecify.annotations.Nullable;

/**
 * A message that is owed to a session.
 *
 * @param packetId the identifier it was sent with, or 0 if it was not sent yet
 * @param state how far delivery has come, or null if it was not sent yet
 */
public record QueuedMessage(
        long sequence,
        Message message,
        Delivery delivery,
        int packetId,
        StoreBatch.@Nullable OutboundState state) {}
