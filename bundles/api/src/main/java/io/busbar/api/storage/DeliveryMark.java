package io.busbar.api.storage;

import java.util.List;

/**
 * Who of a shard has a message of QoS 2 whose publisher may not have been answered yet. It is
 * written together with the deliveries that it names. If the server ends before the publisher's
 * shard has the Packet Identifier, the publisher sends the message again, and they are left out.
 *
 * @param publisherShard the shard of the publisher's session
 * @param publisher the number of the publisher's session in that shard
 * @param number the message's place among those that came from the publisher; greater than all
 *     before
 * @param packetId the Packet Identifier that it came with
 * @param digest tells it from another message with the same Packet Identifier
 * @param sessions numbers of sessions of this shard that have it in their queues. The array is
 *     shared and must not be modified
 * @param shares filters of the Shared Subscriptions that a session of this shard has it from, as
 *     clients write them
 */
public record DeliveryMark(
        int publisherShard,
        long publisher,
        long number,
        int packetId,
        int digest,
        long[] sessions,
        List<String> shares) {}
