package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * The policies that hold for a node, each with the node that says it: see {@link NodePolicy} for
 * what they mean.
 *
 * @param timeZone its value is null if no node says one: times without offset are refused
 */
public record EffectivePolicy(
        Inherited<ValidationMode> validation,
        Inherited<Boolean> enableHistory,
        Inherited<Integer> staleAfterSeconds,
        Inherited<Boolean> writable,
        Inherited<@Nullable String> timeZone,
        Inherited<TopicPolicy> topicPolicy,
        Inherited<Integer> maxPayloadBytes,
        Inherited<Integer> maxMessagesPerSecond,
        Inherited<Boolean> closeOnReject) {
    /** What holds where neither a node nor the configuration of the server says anything. */
    public static final EffectivePolicy DEFAULT =
            new EffectivePolicy(
                    new Inherited<>(ValidationMode.OBSERVE, null),
                    new Inherited<>(false, null),
                    new Inherited<>(0, null),
                    new Inherited<>(true, null),
                    new Inherited<>(null, null),
                    new Inherited<>(TopicPolicy.ALLOW, null),
                    new Inherited<>(0, null),
                    new Inherited<>(0, null),
                    new Inherited<>(false, null));

    /** Returns this with another answer to topics without a model, which no node says. */
    public EffectivePolicy withTopicPolicy(TopicPolicy newTopicPolicy) {
        return new EffectivePolicy(
                validation,
                enableHistory,
                staleAfterSeconds,
                writable,
                timeZone,
                new Inherited<>(newTopicPolicy, null),
                maxPayloadBytes,
                maxMessagesPerSecond,
                closeOnReject);
    }
}
