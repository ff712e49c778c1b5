package io.busbar.api.uns;

/**
 * How full the quarantine is.
 *
 * @param messages how many are held
 * @param bytes what their topics, payloads and properties take together
 * @param dropped how many were let go of because there were too many, since the server started
 * @param expired how many were let go of because they were too old, since the server started
 */
public record QuarantineStats(int messages, long bytes, long dropped, long expired) {}
