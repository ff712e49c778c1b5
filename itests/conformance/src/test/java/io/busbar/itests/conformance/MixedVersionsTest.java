package io.busbar.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.testkit.client.RawClient;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Publishers and subscribers of different versions, and PUBLISH that no version allows. */
class MixedVersionsTest extends Conformance {
    private static final MessageProperties PROPERTIES =
            new MessageProperties(
                    1, 600, "text/plain", "r", bytes("c"), List.of(new UserProperty("a", "1")));

    @Test
    @Spec({"MQTT311-3.3.1-9", "MQTT311-4.3.3-1"})
    void version5Publisher_olderSubscriber_getsTheMessageWithoutProperties() {
        RawClient sub = subscribed(connected(V311, "s"), topic("t"), Qos.EXACTLY_ONCE);
        RawClient pub = connected(V5, "p");
        publish(pub, message(topic("t"), "live", Qos.EXACTLY_ONCE, 1, true, PROPERTIES));

        Publish live = take(sub);
        assertThat(text(live)).isEqualTo("live");
        assertThat(live.qos()).isEqualTo(Qos.EXACTLY_ONCE);
        assertThat(live.retain()).isFalse();
        assertThat(live.properties().isEmpty()).isTrue();

        RawClient late = subscribed(connected(V311, "l"), topic("t"), Qos.AT_LEAST_ONCE);
        Publish kept = take(late);
        assertThat(kept.retain()).isTrue();
        assertThat(kept.properties().isEmpty()).isTrue();
    }

    @Test
    @Spec({"MQTT5-3.3.1-13", "MQTT5-3.3.4-3"})
    void olderPublisher_version5Subscriber_getsWhatItsSubscriptionSays() {
        RawClient sub =
                subscribed(
                        connected(V5, "s"),
                        subscribe(
                                topic("t"), Qos.EXACTLY_ONCE, 7, false, true, RetainHandling.SEND));
        publish(
                connected(V311, "p"),
                message(topic("t"), "x", Qos.AT_LEAST_ONCE, 1, true, MessageProperties.NONE));

        Publish publish = take(sub);
        assertThat(publish.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(publish.retain()).isTrue();
        assertThat(publish.subscriptionIdentifiers()).containsExactly(7);
        assertThat(publish.properties().isEmpty()).isTrue();
    }

    @Test
    @Spec({"MQTT5-3.3.1-4", "MQTT311-3.3.1-4"})
    void qos3_closes() {
        RawClient five = connected(V5, "five");
        hex(five, "36 06 0001 74 0001 00");
        expectDisconnect(five, ReasonCode.MALFORMED_PACKET);

        RawClient three = connected(V311, "three");
        hex(three, "36 05 0001 74 0001");
        three.expectClosed();
    }

    @Test
    @Spec({"MQTT5-3.3.1-2", "MQTT311-3.3.1-2"})
    void dup_withQos0_closes() {
        RawClient five = connected(V5, "five");
        hex(five, "38 04 0001 74 00");
        expectDisconnect(five, ReasonCode.MALFORMED_PACKET);

        RawClient three = connected(V311, "three");
        hex(three, "38 03 0001 74");
        three.expectClosed();
    }

    @Test
    @Spec({"MQTT5-3.3.2-2", "MQTT311-3.3.2-2"})
    void topicWithAWildcard_closes() {
        RawClient five = connected(V5, "five");
        hex(five, "30 06 0003 742f23 00");
        // Not 0x90: that is for a topic name that is correctly formed (section 3.14.2.1).
        expectDisconnect(five, ReasonCode.MALFORMED_PACKET);

        RawClient three = connected(V311, "three");
        hex(three, "30 05 0003 742f2b");
        three.expectClosed();
    }
}
