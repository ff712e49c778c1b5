package io.busbar.mqtt.broker.topic;

import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Share;
import io.busbar.mqtt.broker.delivery.Subscriber;

/**
 * A subscription with its options, MQTT 5.0 section 3.8.3.1. At the same time it is how its
 * subscriber gets messages by it alone, unless it is a Shared Subscription: there may be a million
 * of them. For the same reason it keeps its filter as text. Immutable.
 */
public final class Subscription extends Match {
    private final String text;
    private final byte retainHandling;

    /**
     * Makes one.
     *
     * @param retainHandling 0 = send retained messages, 1 = only for a new subscription, 2 = never
     * @param identifier 1 to 268,435,455, or 0 for none
     */
    public Subscription(
            TopicFilter filter,
            Subscriber subscriber,
            Qos qos,
            boolean noLocal,
            boolean retainAsPublished,
            int retainHandling,
            int identifier) {
        super(
                subscriber,
                qos,
                retainAsPublished,
                identifier == 0 ? NO_IDENTIFIERS : new int[] {identifier},
                noLocal,
                null,
                null);
        this.text = filter.value();
        this.retainHandling = (byte) retainHandling;
    }

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
        int[] identifiers = identifiers();
        return new SubscriptionRecord(
                text,
                qos(),
                noLocal(),
                retainAsPublished(),
                retainHandling,
                identifiers.length == 0 ? 0 : identifiers[0]);
    }

    /** Its filter, which is made for each call. */
    public TopicFilter filter() {
        return TopicFilter.of(text);
    }

    /** Its filter as the client wrote it. */
    public String text() {
        return text;
    }

    /** Whether it is a Shared Subscription. */
    public boolean isShared() {
        return text.startsWith(SubscriptionTree.SHARE);
    }

    /** How its subscriber gets messages through a Shared Subscription. */
    Match through(Share share) {
        return new Match(
                subscriber(), qos(), retainAsPublished(), identifiers(), noLocal(), null, share);
    }
}
