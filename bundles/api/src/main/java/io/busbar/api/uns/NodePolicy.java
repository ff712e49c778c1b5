package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * What a node itself says of how values are treated, at the node and everywhere below it. What it
 * does not say (null) is as the nearest node above says, or else as in {@link
 * EffectivePolicy#DEFAULT}. {@link Namespace#policyOf} returns what holds.
 *
 * @param validation what happens to payloads that do not fit the model
 * @param enableHistory whether past values should be kept
 * @param staleAfterSeconds a value that was measured longer ago is Uncertain, by the source's time
 *     if it can be believed, else by the time of arrival; 0 = never
 * @param writable whether people may publish to it from the console
 * @param timeZone where the sources are, for times that do not say their offset: a name
 *     (Europe/Paris) or an offset (+02:00)
 * @param topicPolicy what happens to messages of topics below that nobody has modelled
 * @param maxPayloadBytes larger payloads do not fit, whatever they say: they are treated as {@link
 *     #validation} says; 0 = no bound but the server's
 * @param maxMessagesPerSecond more messages of one topic are refused with 0x97 (Quota exceeded),
 *     whatever the validation; those of one second may come at once; 0 = no bound
 * @param closeOnReject whether the connection of a publisher that cannot be told otherwise, at QoS
 *     0 or with MQTT 3, is closed when {@link ValidationMode#REJECT} refuses its message
 */
public record NodePolicy(
        @Nullable ValidationMode validation,
        @Nullable Boolean enableHistory,
        @Nullable Integer staleAfterSeconds,
        @Nullable Boolean writable,
        @Nullable String timeZone,
        @Nullable TopicPolicy topicPolicy,
        @Nullable Integer maxPayloadBytes,
        @Nullable Integer maxMessagesPerSecond,
        @Nullable Boolean closeOnReject) {
    /** No MQTT packet has a longer payload. */
    public static final int MOST_PAYLOAD_BYTES = 268_435_455;

    /** More messages a second are no bound. */
    public static final int MOST_MESSAGES_PER_SECOND = 1_000_000;

    /** The policy of a node that says nothing: all is as above. */
    public static final NodePolicy INHERITED =
            new NodePolicy(null, null, null, null, null, null, null, null, null);

    /** Returns this with another validation mode; null = as above. */
    public NodePolicy withValidation(@Nullable ValidationMode newValidation) {
        return new NodePolicy(
                newValidation,
                enableHistory,
                staleAfterSeconds,
                writable,
                timeZone,
                topicPolicy,
                maxPayloadBytes,
                maxMessagesPerSecond,
                closeOnReject);
    }

    /** Returns this with another time until values become Uncertain; null = as above. */
    public NodePolicy withStaleAfterSeconds(@Nullable Integer newStaleAfterSeconds) {
        return new NodePolicy(
                validation,
                enableHistory,
                newStaleAfterSeconds,
                writable,
                timeZone,
                topicPolicy,
                maxPayloadBytes,
                maxMessagesPerSecond,
                closeOnReject);
    }

    /** Returns this with another answer to whether people may publish; null = as above. */
    public NodePolicy withWritable(@Nullable Boolean newWritable) {
        return new NodePolicy(
                validation,
                enableHistory,
                staleAfterSeconds,
                newWritable,
                timeZone,
                topicPolicy,
                maxPayloadBytes,
                maxMessagesPerSecond,
                closeOnReject);
    }

    /** Returns this with another time zone; null = as above. */
    public NodePolicy withTimeZone(@Nullable String newTimeZone) {
        return new NodePolicy(
                validation,
                enableHistory,
                staleAfterSeconds,
                writable,
                newTimeZone,
                topicPolicy,
                maxPayloadBytes,
                maxMessagesPerSecond,
                closeOnReject);
    }

    /** Returns this with another answer to topics that nobody has modelled; null = as above. */
    public NodePolicy withTopicPolicy(@Nullable TopicPolicy newTopicPolicy) {
        return new NodePolicy(
                validation,
                enableHistory,
                staleAfterSeconds,
                writable,
                timeZone,
                newTopicPolicy,
                maxPayloadBytes,
                maxMessagesPerSecond,
                closeOnReject);
    }

    /** Returns this with another bound of payloads; null = as above. */
    public NodePolicy withMaxPayloadBytes(@Nullable Integer newMaxPayloadBytes) {
        return new NodePolicy(
                validation,
                enableHistory,
                staleAfterSeconds,
                writable,
                timeZone,
                topicPolicy,
                newMaxPayloadBytes,
                maxMessagesPerSecond,
                closeOnReject);
    }

    /** Returns this with another bound of messages a second; null = as above. */
    public NodePolicy withMaxMessagesPerSecond(@Nullable Integer newMaxMessagesPerSecond) {
        return new NodePolicy(
                validation,
                enableHistory,
                staleAfterSeconds,
                writable,
                timeZone,
                topicPolicy,
                maxPayloadBytes,
                newMaxMessagesPerSecond,
                closeOnReject);
    }

    /** Returns this with another answer to whether connections are closed; null = as above. */
    public NodePolicy withCloseOnReject(@Nullable Boolean newCloseOnReject) {
        return new NodePolicy(
                validation,
                enableHistory,
                staleAfterSeconds,
                writable,
                timeZone,
                topicPolicy,
                maxPayloadBytes,
                maxMessagesPerSecond,
                newCloseOnReject);
    }
}
