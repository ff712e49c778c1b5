package io.busbar.api.storage;

import io.busbar.api.mqtt.Qos;
import org.jspecify.annotations.Nullable;

/**
 * How a message is sent to one session.
 *
 * @param qos the QoS of the delivery: the lower of the publisher's and the subscription's
 * @param retain the RETAIN flag of the delivery
 * @param subscriptionIdentifiers identifiers of the matching subscriptions; empty if they have
 *     none. The array is shared and must not be modified
 * @param share the filter of the Shared Subscription that matched, as clients write it; null for an
 *     ordinary subscription. If this session ends, another member of the share gets the message
 */
public record Delivery(
        Qos qos, boolean retain, int[] subscriptionIdentifiers, @Nullable String share) {
    /** No Subscription Identifiers. */
    public static final int[] NO_IDENTIFIERS = new int[0];
}
