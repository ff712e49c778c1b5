package io.busbar.api.storage;

import io.busbar.api.mqtt.Qos;

/**
 * How a message goes to one session.
 *
 * @param qos of the delivery: the lower of publisher's and subscription's
 * @param retain the RETAIN flag that is sent
 * @param subscriptionIdentifiers of the subscriptions that matched; empty if they have none
 */
public record Delivery(Qos qos, boolean retain, int[] subscriptionIdentifiers) {
    public static final int[] NO_IDENTIFIERS = new int[0];
}
