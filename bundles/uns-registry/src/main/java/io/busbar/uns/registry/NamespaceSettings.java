package io.busbar.uns.registry;

import io.busbar.api.uns.TopicPolicy;
import io.busbar.uns.registry.quarantine.QuarantineLimits;
import io.busbar.uns.registry.recycle.RecycleLimits;
import io.busbar.uns.registry.value.Limits;
import java.util.Arrays;
import java.util.List;

/**
 * The configuration after it was checked.
 *
 * @param limits how much is read and remembered
 * @param timeNames under which sources send their time
 * @param notifyIntervalMs listeners hear of a topic at most once in so many milliseconds
 * @param maxNodes how many nodes there may be
 * @param quarantine bounds of what is held back
 * @param recycle bounds of what was deleted and can be restored
 * @param callTimeoutMs how long other bundles may hold up the namespace
 * @param topicPolicy what happens to topics without a model, where no node says it
 */
record NamespaceSettings(
        Limits limits,
        List<String> timeNames,
        int notifyIntervalMs,
        long maxNodes,
        QuarantineLimits quarantine,
        RecycleLimits recycle,
        int callTimeoutMs,
        TopicPolicy topicPolicy) {
    /** What a topic with some texts of its own takes, rounded up: see docs/limits.md. */
    private static final int BYTES_PER_NODE = 1024;

    /**
     * Checks a configuration.
     *
     * @throws IllegalArgumentException if a value is out of bounds; names the key
     */
    static NamespaceSettings of(NamespaceConfig config) {
        return new NamespaceSettings(
                limits(config),
                Arrays.stream(config.time_names().split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList(),
                atLeast("notify.interval.ms", config.notify_interval_ms(), 1),
                maxNodes(atLeast("max.nodes", config.max_nodes(), 0)),
                new QuarantineLimits(
                        atLeast("quarantine.messages", config.quarantine_messages(), 0),
                        config.quarantine_bytes(),
                        atLeast("quarantine.days", config.quarantine_days(), 1)),
                new RecycleLimits(
                        atLeast("recycle.nodes", config.recycle_nodes(), 0),
                        atLeast("recycle.days", config.recycle_days(), 1)),
                atLeast("call.timeout.ms", config.call_timeout_ms(), 100),
                topicPolicy(config.topic_policy()));
    }

    private static TopicPolicy topicPolicy(String text) {
        try {
            return TopicPolicy.valueOf(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "topic.policy: "
                            + text
                            + " (expected: one of "
                            + List.of(TopicPolicy.values())
                            + ")",
                    e);
        }
    }

    private static long maxNodes(int configured) {
        return configured > 0 ? configured : Runtime.getRuntime().maxMemory() / BYTES_PER_NODE;
    }

    private static Limits limits(NamespaceConfig config) {
        return new Limits(
                atLeast("payload.max.bytes", config.payload_max_bytes(), 1),
                atLeast("time.max.ahead.seconds", config.time_max_ahead_seconds(), 0) * 1_000_000L,
                atLeast("unmodeled.topics", config.unmodeled_topics(), 0),
                config.unmodeled_bytes(),
                config.samples_queue_bytes(),
                atLeast("recent.payloads", config.recent_payloads(), 1),
                atLeast("violations.kept", config.violations_kept(), 1));
    }

    private static int atLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    key + ": " + value + " (expected: at least " + least + ")");
        }
        return value;
    }
}
