package io.busbar.api.uns;

import java.time.Instant;
import java.util.UUID;

/**
 * Topics without a node that are not to be remembered, because nobody wants to model them.
 *
 * @param id of the rule
 * @param filter which topics, as an MQTT topic filter
 * @param createdAt when it was made
 * @param createdBy who made it
 * @param messages how many messages it has kept away since the server started
 */
public record IgnoreRule(
        UUID id, String filter, Instant createdAt, String createdBy, long messages) {
    /** Most rules that there may be: each unknown topic is compared with all of them. */
    public static final int MAX_RULES = 100;
}
