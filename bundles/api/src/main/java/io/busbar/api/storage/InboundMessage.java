package io.busbar.api.storage;

/**
 * A message of QoS 2 that came from a client and was accepted, and whose PUBREL is still expected.
 *
 * @param packetId the Packet Identifier that it came with
 * @param digest tells it from another message with the same Packet Identifier; 0 if that is not
 *     known
 */
public record InboundMessage(int packetId, int digest) {}
