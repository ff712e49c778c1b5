package io.busbar.uns.registry.quarantine;

/**
 * Bounds of the quarantine.
 *
 * @param messages how many messages are held at most
 * @param bytes what their topics, payloads and properties take together at most
 * @param days for how long they are held
 */
public record QuarantineLimits(int messages, long bytes, int days) {}
