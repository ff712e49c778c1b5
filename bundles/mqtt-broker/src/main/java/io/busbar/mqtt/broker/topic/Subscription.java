package io.busbar.mqtt.broker.topic;

import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Share;
import io.busbar.mqtt.broker.delivery.Subscriber;
import org.jspecify.annotations.Nullable;

/**
 * A subscription with its options, MQTT 5.0 section 3.8.3.1.
 *
 * @param retainHandling 0 = send retained messages, 1 = only for a new subscription, 2 = never
 * @param identifier 1 to 268,435,455, or 0 for none
 */
public record Subscription(
        TopicFilter filter,
        Subscriber subscriber,
        Qos qos,
        boolean noLocal,
        boolean retainAsPublished,
        int retainHandling,
        int identifier) {

    /** Brings back a subscription that was kept. */
    public static Subscription of(SubscriptionRecord kept, Subscriber subscriber) {
        return new Subscription(
                TopicFilter.of(kept.filter()),
                subscriber,
                kept.qos(),
                kept.noLocal(),
                kept.retainAsPublished(),
                kept.retainHandling(),
                kept.identifier());
    }

    /** As it is kept. */
    public SubscriptionRecord toRecord() {
        return new SubscriptionRecord(
                filter.value(), qos, noLocal, retainAsPublished, retainHandling, identifier);
    }

    /** What goes with the messages that it brings: its identifier, if it has one. */
    public int[] identifiers() {
        return identifier == 0 ? Match.NO_IDENTIFIERS : new int[] {identifier};
    }

    /** How its subscriber gets messages by it alone, through a Shared Subscription or not. */
    Match toMatch(@Nullable Share share) {
        return new Match(subscriber, qos, retainAsPublished, identifiers(), noLocal, null, share);
    }
}
