package io.busbar.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.mqtt.codec.Will;
import io.busbar.testkit.client.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Section 3.14: DISCONNECT. */
class Chapter314DisconnectTest extends Conformance {
    private Will will(String text) {
        return new Will(
                TopicName.of(topic("w")),
                bytes(text),
                Qos.AT_MOST_ONCE,
                false,
                0,
                MessageProperties.NONE);
    }

    private RawClient withWill(ProtocolVersion version, String name) {
        return session(connect(version, name, true, 0, will(name), ConnectProperties.NONE), false);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({
        "MQTT5-3.14.4-3",
        "MQTT5-3.1.2-10",
        "MQTT5-3.1.2-8",
        "MQTT311-3.14.4-3",
        "MQTT311-3.1.2-8",
        "MQTT311-3.1.2-10"
    })
    void disconnect_normal_removesTheWill_andAnEndWithoutItPublishesIt(ProtocolVersion version) {
        RawClient sub = subscribed(connected(V5, "s"), topic("w"), Qos.AT_MOST_ONCE);
        RawClient polite = withWill(version, "polite");
        polite.send(Disconnect.NORMAL);
        polite.expectClosed();
        withWill(version, "gone").close();
        assertThat(text(take(sub))).isEqualTo("gone");
        fence(sub);
    }

    @Test
    @Spec("MQTT5 3.14.2.1")
    void disconnect_withWill_publishesIt() {
        RawClient sub = subscribed(connected(V5, "s"), topic("w"), Qos.AT_MOST_ONCE);
        RawClient client = withWill(V5, "with");
        client.send(
                new Disconnect(
                        ReasonCode.DISCONNECT_WITH_WILL,
                        MessageProperties.ABSENT,
                        ReasonDetails.NONE,
                        null));
        client.expectClosed();
        assertThat(text(take(sub))).isEqualTo("with");
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5 3.1.3.2.2", "MQTT5-3.1.4-3", "MQTT311-3.1.2-8", "MQTT311-3.1.4-2"})
    void takeOver_withoutAWillDelay_publishesTheWillOfTheOldConnection(ProtocolVersion version) {
        RawClient sub = subscribed(connected(V5, "s"), topic("w"), Qos.AT_MOST_ONCE);
        ConnectProperties lasting = version == V5 ? expiry(120) : ConnectProperties.NONE;
        session(connect(version, "t", false, 0, will("old"), lasting), false);
        session(connect(version, "t", false, 0, null, lasting), true);
        assertThat(text(take(sub))).isEqualTo("old");
    }

    @Test
    @Spec("MQTT5 3.14.2.2.2")
    void disconnect_thatGivesASessionWithoutExpiryOne_isAProtocolError() {
        RawClient client = connected(V5, "a");
        client.send(new Disconnect(ReasonCode.SUCCESS, 10, ReasonDetails.NONE, null));
        expectDisconnect(client, ReasonCode.PROTOCOL_ERROR);
    }

    @Test
    @Spec({"MQTT5-3.14.4-1", "MQTT5-3.14.4-2"})
    void disconnect_ofTheServer_isTheLastThatItSends() {
        RawClient client = subscribed(connected(V5, "a"), topic("t"), Qos.AT_MOST_ONCE);
        RawClient pub = connected(V5, "p");

        // A PUBLISH of QoS 3, then what would be answered otherwise.
        hex(client, "36 06 0001 74 0001 00 c0 00 32 07 0001 74 0002 00 78 c0 00");
        publish(pub, message(topic("t"), "late", Qos.AT_MOST_ONCE, 0));

        expectDisconnect(client, ReasonCode.MALFORMED_PACKET);
    }

    @Test
    @Spec({"MQTT5-3.14.2-3", "MQTT5-3.1.2-24", "MQTT5-3.1.0-2"})
    void disconnect_ofTheServer_hasNoReasonStringThatTheClientCannotTake() {
        Connect connect = connect(V5, "small", true, 0, null, properties(0, 65_535, 20));
        RawClient client = session(connect, false);
        client.send(connect);
        Disconnect told = client.expect(Disconnect.class);
        assertThat(told.reasonCode()).isEqualTo(ReasonCode.PROTOCOL_ERROR);
        assertThat(told.details().reasonString()).isNull();
        client.expectClosed();
    }

    @Test
    @Spec("MQTT5 3.14.2.2.2")
    void disconnect_withExpiry0_endsTheSession() {
        RawClient client = kept(V5, "a", false);
        client.send(new Disconnect(ReasonCode.SUCCESS, 0, ReasonDetails.NONE, null));
        client.expectClosed();
        kept(V5, "a", false);
    }
}
