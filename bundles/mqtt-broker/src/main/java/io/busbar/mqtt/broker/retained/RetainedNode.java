package io.busbar.mqtt.broker.retained;

import io.busbar.api.mqtt.Message;
import io.busbar.mqtt.broker.memory.Holder;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One level of the topics that have Retained Messages. Children are added and pruned under the lock
 * of the root, and read by all.
 */
final class RetainedNode {
    final String level;

    /** Whose message brought the level. */
    final Holder holder;

    volatile @Nullable Message message;
    volatile @Nullable ConcurrentHashMap<String, RetainedNode> children;

    RetainedNode(String level, Holder holder) {
        this.level = level;
        this.holder = holder;
    }
}
