package io.busbar.mqtt.broker.limit;

import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.config.BrokerConfig;

/**
 * Limits of topics and topic filters.
 *
 * @param maxLevels most levels of a topic or filter; longer topics are refused with 0x90, longer
 *     filters with 0x8F
 * @param aliasMaximum most topic aliases that a client may use, and that the server uses towards a
 *     client; 0 = none
 */
public record TopicLimits(int maxLevels, int aliasMaximum) {

    public TopicLimits {
        Bounds.check("max.topic.levels", maxLevels, 1, 65_536);
        Bounds.check("topic.alias.maximum", aliasMaximum, 0, 65_535);
    }

    /** The limits of a configuration. */
    static TopicLimits of(BrokerConfig config) {
        return new TopicLimits(config.max_topic_levels(), config.topic_alias_maximum());
    }

    /** Whether the topic has more levels than allowed. */
    public boolean tooDeep(TopicName topic) {
        return topic.levelCount() > maxLevels;
    }

    /** Whether the filter has more levels than allowed. */
    public boolean tooDeep(TopicFilter filter) {
        return filter.levels().size() > maxLevels;
    }
}
