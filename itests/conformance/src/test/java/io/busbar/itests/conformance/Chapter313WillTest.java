package io.busbar.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.mqtt.codec.Will;
import io.busbar.testkit.client.RawClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Section 3.1.3.2: when a will is published, and as what. */
class Chapter313WillTest extends Conformance {
    private Will will(Qos qos, boolean retain, long delay, MessageProperties properties) {
        return new Will(TopicName.of(topic("will")), bytes("gone"), qos, retain, delay, properties);
    }

    private RawClient withWill(Will will, long expiry) {
        return session(connect(V5, "willing", false, 0, will, expiry(expiry)), false);
    }

    private RawClient watcher(ProtocolVersion version) {
        return subscribed(connected(version, "watcher"), topic("#"), Qos.EXACTLY_ONCE);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.1.2-15", "MQTT311-3.1.2-17", "MQTT311-3.1.2-9"})
    void will_withRetain_isKept_andArrivesAtItsQos(ProtocolVersion version) {
        RawClient watcher = watcher(version);
        Will will = will(Qos.EXACTLY_ONCE, true, 0, MessageProperties.NONE);
        session(connect(version, "willing", true, 0, will, ConnectProperties.NONE), false).close();

        Publish live = take(watcher);
        assertThat(text(live)).isEqualTo("gone");
        assertThat(live.qos()).isEqualTo(Qos.EXACTLY_ONCE);
        assertThat(live.retain()).isFalse();

        RawClient late = subscribed(connected(version, "late"), topic("will"), Qos.EXACTLY_ONCE);
        Publish kept = take(late);
        assertThat(text(kept)).isEqualTo("gone");
        assertThat(kept.retain()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.1.2-14", "MQTT311-3.1.2-16"})
    void will_withoutRetain_isNotKept(ProtocolVersion version) {
        RawClient watcher = watcher(version);
        Will will = will(Qos.AT_LEAST_ONCE, false, 0, MessageProperties.NONE);
        session(connect(version, "willing", true, 0, will, ConnectProperties.NONE), false).close();
        assertThat(text(take(watcher))).isEqualTo("gone");

        fence(subscribed(connected(version, "late"), topic("will"), Qos.EXACTLY_ONCE));
    }

    @Test
    @Spec("MQTT5-3.1.3-9")
    void will_whoseClientIsBackWithinTheDelay_isNotSent() {
        RawClient watcher = watcher(V5);
        Will will = will(Qos.AT_LEAST_ONCE, false, 1, MessageProperties.NONE);
        withWill(will, 120).close();
        RawClient back = kept(V5, "willing", true);

        // A second will with the same delay, begun later, is the fence for the first.
        Will second =
                new Will(
                        TopicName.of(topic("second")),
                        bytes("second"),
                        Qos.AT_LEAST_ONCE,
                        false,
                        1,
                        MessageProperties.NONE);
        session(connect(V5, "other", false, 0, second, expiry(120)), false).close();
        assertThat(text(take(watcher))).isEqualTo("second");
        fence(watcher);
        fence(back);
    }

    @Test
    @Spec("MQTT5-3.1.2-8")
    void will_isPublishedWhenTheSessionEnds_alsoBeforeItsDelay() {
        RawClient watcher = watcher(V5);
        Will will = will(Qos.AT_LEAST_ONCE, false, 0xFFFF_FFFFL, MessageProperties.NONE);
        withWill(will, 0xFFFF_FFFFL)
                .send(new Disconnect(ReasonCode.DISCONNECT_WITH_WILL, 0, ReasonDetails.NONE, null));
        assertThat(text(take(watcher))).isEqualTo("gone");
    }

    @Test
    @Spec("MQTT5 3.1.3.2.4")
    void will_withProperties_isPublishedWithThem_andToAnOlderClientWithoutThem() {
        RawClient watcher = watcher(V5);
        RawClient older = subscribed(connected(V311, "older"), topic("#"), Qos.AT_LEAST_ONCE);
        MessageProperties properties =
                new MessageProperties(
                        1, 0xFFFF_FFFFL, "text/plain", topic("r"), bytes("c"), List.of());
        withWill(will(Qos.AT_LEAST_ONCE, false, 0, properties), 0).close();

        MessageProperties arrived = take(watcher).properties();
        assertThat(arrived.payloadFormatIndicator()).isEqualTo(1);
        assertThat(arrived.messageExpirySeconds()).isBetween(0xFFFF_FFF0L, 0xFFFF_FFFFL);
        assertThat(arrived.contentType()).isEqualTo("text/plain");
        assertThat(arrived.responseTopic()).isEqualTo(topic("r"));

        Publish plain = take(older);
        assertThat(text(plain)).isEqualTo("gone");
        assertThat(plain.properties().isEmpty()).isTrue();
    }
}
