package io.busbar.mqtt.transport.admission;

/**
 * The limits of one listener; 0 means no limit.
 *
 * @param connections most connections at the same time
 * @param connectionsPerAddress most connections at the same time from one IPv4 address or one IPv6
 *     network of 64 bits
 * @param connectsPerSecond most new connections per second; the amount for one second may arrive at
 *     once
 */
public record AdmissionLimits(int connections, int connectionsPerAddress, int connectsPerSecond) {}
