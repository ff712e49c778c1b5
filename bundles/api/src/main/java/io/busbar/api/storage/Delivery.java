package io.busbar.api.storage;

import io.busbar.api.mqtt.Qos;
import org.jspecify.annotations.Nullable;

/**
 * How a message goes to one session.
 *
 * @param qos of the delivery: the lower of publisher's and subscription's
 * @param retain the RETAIN flag that is sent
 * @param subscriptionIdentifiers of the subscriptions that matched; empty if they have none
 * @param share the Shared Subscription that brought it, as clients write its filter, so that
 *     another member can get it if this session ends; or null
 */
public record Delivery(
        Qos qos, boolean retain, int[] subscriptionIdentifiers, @Nullable String share) {
    public static final int[] NO_IDENTIFIERS = new int[0];
}
