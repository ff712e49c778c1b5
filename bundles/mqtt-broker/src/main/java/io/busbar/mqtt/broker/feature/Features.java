package io.busbar.mqtt.broker.feature;

import io.busbar.api.mqtt.Qos;
import io.busbar.mqtt.broker.config.BrokerConfig;
import io.busbar.mqtt.broker.topic.ShareStrategy;
import java.util.Objects;

/**
 * Which optional features of MQTT the broker offers, MQTT 5.0 section 3.2.2.3. A feature that is
 * switched off is announced in CONNACK, and its use is refused.
 *
 * @param maximumQos the highest QoS accepted from a client. A higher one is refused with 0x9B; a
 *     subscription is granted at most this QoS
 * @param retainAvailable whether clients may retain messages; otherwise refused with 0x9A
 * @param wildcardSubscriptionAvailable whether topic filters may have wildcards; otherwise refused
 *     with 0xA2
 * @param subscriptionIdentifiersAvailable whether subscriptions may have identifiers; otherwise
 *     refused with 0xA1
 * @param sharedSubscriptionAvailable whether Shared Subscriptions are allowed; otherwise refused
 *     with 0x9E
 * @param shareStrategy which member of a Shared Subscription gets the next message
 * @param checkPayloadFormat whether a payload that is declared as UTF-8 is checked; one that is not
 *     is refused with 0x99
 * @param responseInformation the Response Information for clients that ask for it, with {@code %c}
 *     for the Client Identifier; empty for none
 * @param redirect which clients are sent to another server
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
