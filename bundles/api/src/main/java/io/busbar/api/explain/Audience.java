package io.busbar.api.explain;

import java.util.List;
import java.util.Map;

/**
 * Those who subscribe to a topic.
 *
 * @param subscribers how many clients there are; members of Shared Subscriptions count each
 * @param examined of how many of them it is known what becomes of the message: at most {@link
 *     Explanations#MOST_EXAMINED}
 * @param fates how many of these have which fate
 * @param lowered how many of these get it with a lower QoS than it was published with
 * @param inStore for how many of these it is written to the store before its publisher is
 *     acknowledged
 * @param receivers some of them: first those who miss it, then those about whom something is to be
 *     said, then the others
 * @param consumers how many parts of the server itself get the message, such as the namespace
 */
public record Audience(
        int subscribers,
        int examined,
        Map<Fate, Integer> fates,
        int lowered,
        int inStore,
        List<Receiver> receivers,
        int consumers) {
    public Audience {
        fates = Map.copyOf(fates);
        receivers = List.copyOf(receivers);
    }
}
