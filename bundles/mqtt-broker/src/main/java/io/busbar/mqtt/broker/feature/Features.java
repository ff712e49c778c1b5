package io.busbar.mqtt.broker.feature;

import io.busbar.api.mqtt.Qos;
import io.busbar.mqtt.broker.config.BrokerConfig;
import io.busbar.mqtt.broker.topic.ShareStrategy;
import java.util.Objects;

/**
 * What the broker offers, MQTT 5.0 section 3.2.2.3. What it does not offer is announced in CONNACK
 * and refused.
 *
 * @param maximumQos the highest QoS taken of a client; more is answered 0x9B, and a subscription is
 *     granted no more
 * @param retainAvailable whether clients may retain messages; else they are answered 0x9A
 * @param wildcardSubscriptionAvailable whether filters may have wildcards; else they are answered
 *     0xA2
 * @param subscriptionIdentifiersAvailable whether subscriptions may have identifiers; else they are
 *     answered 0xA1
 * @param sharedSubscriptionAvailable whether subscriptions may be shared; else they are answered
 *     0x9E
 * @param shareStrategy which member of a Shared Subscription gets the next message
 * @param checkPayloadFormat whether a payload that says it is UTF-8 has to be; else it is answered
 *     0x99
 * @param responseInformation what a client that asks for Response Information is told, with {@code
 *     %c} for its Client Identifier; empty for nothing
 * @param redirect which clients are told to use another server
 */
public record Features(
        Qos maximumQos,
        boolean retainAvailable,
        boolean wildcardSubscriptionAvailable,
        boolean subscriptionIdentifiersAvailable,
        boolean sharedSubscriptionAvailable,
        ShareStrategy shareStrategy,
        boolean checkPayloadFormat,
        String responseInformation,
        Redirect redirect) {

    /** All of MQTT 5, nothing optional checked or told. */
    public static final Features ALL =
            new Features(
                    Qos.EXACTLY_ONCE,
                    true,
                    true,
                    true,
                    true,
                    ShareStrategy.ROUND_ROBIN,
                    false,
                    "",
                    Redirect.NONE);

    public Features {
        Objects.requireNonNull(maximumQos, "maximumQos");
        Objects.requireNonNull(shareStrategy, "shareStrategy");
        Objects.requireNonNull(responseInformation, "responseInformation");
        Objects.requireNonNull(redirect, "redirect");
    }

    /**
     * The features of a configuration.
     *
     * @throws IllegalArgumentException if a value is none of those that are possible; names the key
     */
    public static Features of(BrokerConfig config) {
        return new Features(
                maximumQosOf(config.maximum_qos()),
                config.retain_available(),
                config.wildcard_subscription_available(),
                config.subscription_identifiers_available(),
                config.shared_subscription_available(),
                ShareStrategy.of(config.shared_subscription_strategy()),
                config.check_payload_format(),
                config.response_information(),
                new Redirect(
                        config.server_reference(), Redirect.When.of(config.server_redirect())));
    }

    private static Qos maximumQosOf(int value) {
        if (value < 0 || value > 2) {
            throw new IllegalArgumentException("maximum.qos: " + value + " (expected: 0..2)");
        }
        return Qos.of(value);
    }
}
