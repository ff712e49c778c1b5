package io.busbar.api.explain;

import io.busbar.api.auth.Ruling;
import io.busbar.api.broker.ClientView;
import io.busbar.api.mqtt.Publisher;
import org.jspecify.annotations.Nullable;

/**
 * Who published a message, and what lets it.
 *
 * @param publisher as the message says it
 * @param client its client as it is connected now; null if it is not
 * @param sameConnection whether that is the connection by which the message came: the one with the
 *     same address
 * @param ruling what decides now whether the client may publish to the topic; null if nobody can
 *     say: the client is not connected, or the message is the server's own
 */
public record PublishedBy(
        Publisher publisher,
        @Nullable ClientView client,
        boolean sameConnection,
        @Nullable Ruling ruling) {}
