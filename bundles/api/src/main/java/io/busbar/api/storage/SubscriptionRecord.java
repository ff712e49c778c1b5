package io.busbar.api.storage;

import io.busbar.api.mqtt.Qos;

/**
 * What is kept of a subscription.
 *
 * @param filter as the client wrote it, {@code $share} included
 * @param retainHandling 0 send retained messages, 1 only for a new subscription, 2 never
 * @param identifier 1 to 268,435,455, or 0 for none
 */
public record SubscriptionRecord(
        String filter,
        Qos qos,
        boolean noLocal,
        boolean retainAsPublished,
        int retainHandling,
        int identifier) {}
