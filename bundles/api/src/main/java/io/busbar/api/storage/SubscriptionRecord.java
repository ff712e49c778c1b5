package io.busbar.api.storage;

import io.busbar.api.mqtt.Qos;

/**
 * A subscription as it is stored.
 *
 * @param filter the filter as the client wrote it, including {@code $share/ShareName/}
 * @param qos the granted maximum QoS
 * @param noLocal whether the client's own messages are not sent to it
 * @param retainAsPublished whether the RETAIN flag is forwarded as it was published
 * @param retainHandling 0 = send retained messages, 1 = only for a new subscription, 2 = never
 * @param identifier the Subscription Identifier, 1 to 268,435,455, or 0 for none
 */
public record SubscriptionRecord(
        String filter,
        Qos qos,
        boolean noLocal,
        boolean retainAsPublished,
        int retainHandling,
        int identifier) {}
