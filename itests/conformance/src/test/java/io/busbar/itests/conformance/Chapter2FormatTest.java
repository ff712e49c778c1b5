package io.busbar.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.UnsubAck;
import io.busbar.testkit.client.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data representation and the format of control packets: chapters 1.5 and 2. */
class Chapter2FormatTest extends Conformance {
    @ParameterizedTest
    @ValueSource(strings = {"ed a0 80", "ed bf bf", "c0 af 61", "e0 80 af", "ff 61 61", "61 e2 82"})
    @Spec("MQTT5-1.5.4-1")
    void topic_notUtf8_isMalformed(String topic) {
        RawClient client = connected(V5, "a");
        hex(client, "30 06 00 03 " + topic + " 00");
        expectDisconnect(client, ReasonCode.MALFORMED_PACKET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed a0 80", "ed bf bf", "c0 af 61", "61 00 62"})
    @Spec({"MQTT311-1.5.3-1", "MQTT311-1.5.3-2"})
    void topic311_notUtf8OrWithNull_closes(String topic) {
        RawClient client = connected(V311, "a");
        hex(client, "30 05 00 03 " + topic);
        assertThat(client.next(Duration.ofSeconds(2))).isNull();
        client.expectClosed();
    }

    @Test
    @Spec("MQTT5-1.5.4-2")
    void topic_withNull_isMalformed() {
        RawClient client = connected(V5, "a");
        hex(client, "30 06 00 03 61 00 62 00");
        expectDisconnect(client, ReasonCode.MALFORMED_PACKET);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-1.5.4-3", "MQTT311-1.5.3-3"})
    void byteOrderMark_staysInTheTopic(ProtocolVersion version) {
        String marked = topic("\ufeffx");
        RawClient client = subscribed(connected(version, "a"), topic("+"), Qos.AT_MOST_ONCE);
        publish(client, message(marked, "m", Qos.AT_MOST_ONCE, 0));
        assertThat(take(client).topic().toString()).isEqualTo(marked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"e1 00", "c1 00", "80 02 00 01", "a0 02 00 01", "60 02 00 01"})
    @Spec("MQTT5-2.1.3-1")
    void flags_reserved_areMalformed(String bytes) {
        RawClient client = connected(V5, "a");
        hex(client, bytes);
        expectDisconnect(client, ReasonCode.MALFORMED_PACKET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c1 00", "80 02 00 01", "a0 02 00 01", "60 02 00 01"})
    @Spec({"MQTT311-2.2.2-1", "MQTT311-2.2.2-2"})
    void flags311_reserved_close(String bytes) {
        RawClient client = connected(V311, "a");
        hex(client, bytes);
        assertThat(client.next(Duration.ofSeconds(2))).isNull();
        client.expectClosed();
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({
        "MQTT5-2.2.1-5",
        "MQTT5-2.2.1-6",
        "MQTT311-2.3.1-6",
        "MQTT311-2.3.1-7",
    })
    void packetIdentifier_comesBackInTheAnswer(ProtocolVersion version) {
        RawClient client =
                session(connect(version, "a", true, 0, null, ConnectProperties.NONE), false);
        client.send(subscribe(topic("other"), Qos.AT_MOST_ONCE));
        assertThat(client.expect(SubAck.class).packetId()).isEqualTo(9);
        client.send(message(topic("t"), "m", Qos.AT_LEAST_ONCE, 65_535));
        assertThat(client.expect(PubAck.class).packetId()).isEqualTo(65_535);
        publish(client, message(topic("t"), "m", Qos.EXACTLY_ONCE, 258));
        hex(client, version == V5 ? "a2 06 12 34 00 00 01 61" : "a2 05 12 34 00 01 61");
        assertThat(client.expect(UnsubAck.class).packetId()).isEqualTo(0x1234);
    }
}
