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
    /** What holds where no node says anything. */
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
}
