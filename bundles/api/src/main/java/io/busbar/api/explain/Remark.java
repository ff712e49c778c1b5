package io.busbar.api.explain;

import java.util.Map;

/**
 * Something that is to be said of a receiver, beside the fate of the message.
 *
 * @param code what it is
 * @param parameters by the names that stand at the code
 * @param text the same in words, in English
 */
public record Remark(Code code, Map<String, String> parameters, String text) {
    public Remark {
        parameters = Map.copyOf(parameters);
    }

    /** What can be remarked. In brackets the parameters; times in milliseconds since the epoch. */
    public enum Code {
        /** It gets it with a lower QoS ({@code published}, {@code delivered}, {@code filter}). */
        QOS_LOWERED,
        /** Several of its subscriptions match; it gets it once ({@code filters}: how many). */
        OVERLAPPING,
        /** Its queue is full: the oldest message in it is dropped for this one. */
        OLDEST_DROPPED,
        /** It came after this message, and did not get it as it was published ({@code at}). */
        CAME_LATER,
        /** It subscribes to more than it may receive; each message is judged. */
        JUDGED_EACH,
        /** It is away; its rights are judged anew when it comes back, also for what is kept. */
        JUDGED_WHEN_BACK,
        /** With the rights that are taken as given, it would be granted the subscription. */
        WOULD_BE_GRANTED,
        /** It wanted to come back, and was refused ({@code cause}, {@code at}). */
        REFUSED_SINCE
    }
}
