package io.busbar.mqtt.broker.explain;

import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What clients were refused lately, as far as it is remembered.
 *
 * @param all newest first
 */
record Refusals(List<Rejection> all) {
    /** So many are told of a topic. */
    private static final int MOST = 20;

    /** The last time when a client was refused to connect; null if it never was. */
    @Nullable Rejection connecting(String clientId) {
        for (Rejection each : all) {
            if (each.kind() == Rejection.Kind.CONNECT && each.who().clientId().equals(clientId)) {
                return each;
            }
        }
        return null;
    }

    /** The last time when a client was refused to subscribe to a topic; null if it never was. */
    @Nullable Rejection subscribing(String clientId, TopicName topic) {
        for (Rejection each : all) {
            if (each.who().clientId().equals(clientId) && isSubscribing(each, topic)) {
                return each;
            }
        }
        return null;
    }

    /** All that concerns a topic, newest first. */
    List<Rejection> about(TopicName topic) {
        return all.stream()
                .filter(each -> isPublishing(each, topic) || isSubscribing(each, topic))
                .limit(MOST)
                .toList();
    }

    private static boolean isPublishing(Rejection each, TopicName topic) {
        return each.kind() == Rejection.Kind.PUBLISH && topic.value().equals(each.what().topic());
    }

    private static boolean isSubscribing(Rejection each, TopicName topic) {
        String filter = each.what().topic();
        return each.kind() == Rejection.Kind.SUBSCRIBE
                && filter != null
                && TopicFilter.problemOf(filter) == null
                && TopicFilter.of(filter).matches(topic);
    }
}
