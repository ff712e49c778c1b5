package io.busbar.api.uns;

import java.util.UUID;

/**
 * A topic that had messages which did not fit its model, whether or not the last one does.
 *
 * @param topic its name
 * @param nodeId its node
 * @param violations what was wrong with them
 */
public record ViolatedTopic(String topic, UUID nodeId, TopicViolations violations) {}
