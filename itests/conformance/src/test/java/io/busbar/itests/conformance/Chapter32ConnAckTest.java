package io.busbar.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Packet;
import io.busbar.testkit.client.RawClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNACK, section 3.2, and what it answers. */
class Chapter32ConnAckTest extends Conformance {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "z",
                "ABCDEFGHIJKLMNOPQRSTUVW",
                "XYZabcdefghijklmnopqrst",
                "uvwxyz0123456789"
            })
    @Spec({"MQTT5-3.1.3-5", "MQTT311-3.1.3-5"})
    void clientId_ofLettersAndDigits_isTaken(String id) {
        for (ProtocolVersion version : new ProtocolVersion[] {V311, V5}) {
            RawClient client =
                    server.open(version)
                            .send(
                                    new Connect(
                                            version,
                                            true,
                                            0,
                                            id,
                                            null,
                                            null,
                                            null,
                                            ConnectProperties.NONE));
            assertThat(client.expect(ConnAck.class).reasonCode().isError()).isFalse();
            client.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.2.0-1", "MQTT5-3.2.0-2", "MQTT311-3.2.0-1"})
    void connAck_comesFirst_andOnce(ProtocolVersion version) {
        RawClient client = connected(version, "a");
        fence(client);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10 13 00 04 4d 51 54 54 05 02 00 3c 05 27 00 00 00 00 00 01 63",
                "10 14 00 04 4d 51 54 54 05 02 00 3c 06 15 00 03 78 2d 79 00 01 63"
            })
    @Spec({"MQTT5-3.14.0-1", "MQTT5-3.2.2-7", "MQTT5-3.2.2-1", "MQTT5-3.2.2-8"})
    void refusal_isOneConnAckWithoutSession_andNoDisconnect(String connect) {
        RawClient client = server.open(V5);
        hex(client, connect);

        ConnAck answer = client.expect(ConnAck.class);

        assertThat(answer.reasonCode().isError()).isTrue();
        assertThat(answer.sessionPresent()).isFalse();
        assertThat(client.next(Duration.ofSeconds(5))).isNull();
        client.expectClosed();
    }

    @Test
    @Spec("MQTT5-3.2.2-6")
    void refusal_ofAClientWhoseSessionIsKept_hasNoSessionPresent() {
        kept(V5, "a", false).close();
        ConnectProperties method =
                new ConnectProperties(
                        120,
                        65_535,
                        Packet.MAXIMUM_SIZE_BYTES,
                        0,
                        false,
                        true,
                        List.of(),
                        "no such method",
                        null);
        RawClient refused = server.open(V5).send(connect(V5, "a", false, 0, null, method));

        ConnAck answer = refused.expect(ConnAck.class);

        assertThat(answer.reasonCode().isError()).isTrue();
        assertThat(answer.sessionPresent()).isFalse();
        expectEnd(refused);
        kept(V5, "a", true);
    }

    @ParameterizedTest
    @CsvSource({
        "MQTT_3_1_1, 10 0c 00 04 4d 51 54 54 04 00 00 3c 00 00",
        "MQTT_5_0, 10 11 00 04 4d 51 54 54 05 02 00 3c 03 21 00 00 00 01 63",
        "MQTT_5_0, 10 12 00 04 4d 51 54 54 05 02 00 3c 04 15 00 01 6d 00 01 63"
    })
    @Spec({"MQTT5-3.1.4-6", "MQTT5-3.2.2-7", "MQTT311-3.1.4-5", "MQTT311-3.2.2-5"})
    void refusal_nothingIsProcessedAfterIt(ProtocolVersion version, String connect) {
        RawClient sub = subscribed(connected(V311, "s"), topic("t"), Qos.AT_MOST_ONCE);
        RawClient refused = server.open(version);
        hex(refused, connect);
        refused.send(message(topic("t"), "too early", Qos.AT_MOST_ONCE, 0));

        Packet answer = refused.next(Duration.ofSeconds(5));

        if (answer instanceof ConnAck refusal) {
            assertThat(refusal.reasonCode().isError()).isTrue();
            assertThat(refusal.sessionPresent()).isFalse();
            expectEnd(refused);
        } else {
            // Version 5.0 lets the server close without a word.
            assertThat(answer).isNull();
            assertThat(version).isEqualTo(V5);
            refused.expectClosed();
        }
        publish(connected(V311, "p"), message(topic("t"), "in time", Qos.AT_MOST_ONCE, 0));
        assertThat(text(take(sub))).isEqualTo("in time");
        fence(sub);
    }

    @Test
    @Spec("MQTT5-3.1.2-28")
    void responseInformation_thatWasNotAskedFor_isNotSent() {
        ConnectProperties silent =
                new ConnectProperties(
                        0,
                        65_535,
                        Packet.MAXIMUM_SIZE_BYTES,
                        0,
                        false,
                        true,
                        List.of(),
                        null,
                        null);
        RawClient client = server.open(V5).send(connect(V5, "a", true, 0, null, silent));
        assertThat(client.expect(ConnAck.class).properties().responseInformation()).isNull();
    }

    @Test
    @Spec("MQTT311-3.1.2-12")
    void clientWithoutAWill_leavesNone() {
        RawClient watcher = subscribed(connected(V311, "w"), topic("#"), Qos.AT_MOST_ONCE);
        RawClient client = connected(V311, "a");

        client.close();
        publish(connected(V311, "p"), message(topic("after"), "after", Qos.AT_MOST_ONCE, 0));

        assertThat(text(take(watcher))).isEqualTo("after");
    }
}
