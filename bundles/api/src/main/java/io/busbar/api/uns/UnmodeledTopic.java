package io.busbar.api.uns;

import java.time.Instant;

/**
 * A topic that has received messages but has no node, without its value.
 *
 * @param topic its name
 * @param lastSeenAt when its last message arrived
 * @param messages how many messages have arrived since the start
 */
public record UnmodeledTopic(String topic, Instant lastSeenAt, long messages) {}
