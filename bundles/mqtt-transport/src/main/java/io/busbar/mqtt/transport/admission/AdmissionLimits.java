package io.busbar.mqtt.transport.admission;

/**
 * The limits of one listener; 0 is no limit.
 *
 * @param connections at a time
 * @param connectionsPerAddress at a time, from one IPv4 address or one IPv6 network of 64 bits
 * @param connectsPerSecond new connections a second, with bursts of as many
 */
public record AdmissionLimits(int connections, int connectionsPerAddress, int connectsPerSecond) {}
