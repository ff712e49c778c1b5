package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.feature.Features;
import io.busbar.mqtt.broker.feature.Redirect;
import io.busbar.mqtt.broker.topic.ShareStrategy;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.ConnAckProperties;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Will;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A broker that offers less than all of MQTT: it says so, and refuses the rest. */
class FeaturesTest extends BrokerFixture {
    @Override
    Features features() {
        return new Features(
                Qos.AT_LEAST_ONCE,
                false,
                false,
                false,
                false,
                ShareStrategy.ROUND_ROBIN,
                false,
                "",
                Redirect.NONE);
    }

    private static Will will(Qos qos, boolean retain) {
        return new Will(TopicName.of("w"), new byte[0], qos, retain, 0, MessageProperties.NONE);
    }

    @Test // [MQTT5-3.2.2-9]
    void connAck_announcesWhatIsNotOffered() {
        ConnAckProperties told =
                link().says(connect("a", true, 0)).next(ConnAck.class).properties();

        assertThat(told.maximumQos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(told.retainAvailable()).isFalse();
        assertThat(told.wildcardSubscriptionAvailable()).isFalse();
        assertThat(told.subscriptionIdentifiersAvailable()).isFalse();
        assertThat(told.sharedSubscriptionAvailable()).isFalse();
    }

    @Test // [MQTT5-3.2.2-12]
    void will_aboveMaximumQos_isRefused() {
        FakeLink link =
                link().says(
                                connect(
                                        "a",
                                        true,
                                        will(Qos.EXACTLY_ONCE, false),
                                        ConnectProperties.NONE));

        assertThat(link.next(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.QOS_NOT_SUPPORTED);
        assertThat(link.closed).isTrue();
    }

    @Test // [MQTT5-3.2.2-13]
    void will_retained_isRefused() {
        FakeLink link =
                link().says(
                                connect(
                                        "a",
                                        true,
                                        will(Qos.AT_MOST_ONCE, true),
                                        ConnectProperties.NONE));

        assertThat(link.next(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.RETAIN_NOT_SUPPORTED);
        assertThat(link.closed).isTrue();
    }

    @Test // section 3.3.1.2
    void publish_aboveMaximumQos_disconnects() {
        FakeLink subscriber = client("s");
        subscriber.says(subscribe("t", Qos.AT_LEAST_ONCE)).next(SubAck.class);

        FakeLink publisher = client("p").says(publish("t", "x", Qos.EXACTLY_ONCE, 1));

        assertThat(publisher.next(Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.QOS_NOT_SUPPORTED);
        assertThat(subscriber.texts()).isEmpty();
        assertThat(broker.rejections().list().get(0).cause())
                .isEqualTo(Rejection.Cause.QOS_NOT_SUPPORTED);
    }

    @Test // section 3.3.1.3
    void publish_retained_disconnects() {
        FakeLink publisher = client("p").says(retain("t", "x"));

        assertThat(publisher.next(Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.RETAIN_NOT_SUPPORTED);
        assertThat(broker.retained(TopicName.of("t"))).isEmpty();
    }

    @Test // [MQTT5-3.2.2-10]
    void subscribe_withAnyQos_isTaken() {
        FakeLink subscriber = client("s").says(subscribe("t", Qos.EXACTLY_ONCE));

        assertThat(subscriber.next(SubAck.class).reasonCodes())
                .containsExactly(ReasonCode.GRANTED_QOS_1);
    }

    @ParameterizedTest // sections 3.2.2.3.11 to 3.2.2.3.13
    @CsvSource({
        "a/+, 0, WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED",
        "#, 0, WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED",
        "$share/g/a, 0, SHARED_SUBSCRIPTIONS_NOT_SUPPORTED",
        "a, 7, SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED"
    })
    void subscribe_toWhatIsNotOffered_disconnects(
            String filter, int identifier, ReasonCode reason) {
        FakeLink subscriber =
                connected(connect("s", true, 100))
                        .says(
                                subscribe(
                                        filter,
                                        Qos.AT_MOST_ONCE,
                                        identifier,
                                        false,
                                        false,
                                        RetainHandling.SEND));

        assertThat(subscriber.next(Disconnect.class).reasonCode()).isEqualTo(reason);
        assertThat(broker.stats().subscriptions().total()).isZero();
    }

    @ParameterizedTest // [MQTT311-3.8.3-2]
    @CsvSource({"a/+, WILDCARD", "$share/g/a, SHARED"})
    void subscribe_ofMqtt3_isRefusedInSuback(String filter, String what) {
        FakeLink subscriber = connected(connect311("s", true));

        subscriber.says(subscribe(filter, Qos.AT_MOST_ONCE));

        assertThat(subscriber.next(SubAck.class).reasonCodes().get(0).isError()).isTrue();
        assertThat(subscriber.closed).isFalse();
        assertThat(broker.rejections().list().get(0).reason().name()).startsWith(what);
    }
}
