package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A longest keep alive: it holds for those who can be told, and for nobody else. */
class KeepAliveTest extends BrokerFixture {
    @Override
    int maxKeepAliveSeconds() {
        return 60;
    }

    private FakeLink connecting(ProtocolVersion version, int keepAlive) {
        FakeLink link = link();
        link.version(version);
        return link.says(
                new Connect(
                        version,
                        true,
                        keepAlive,
                        "c",
                        null,
                        null,
                        null,
                        version.isMqtt5()
                                ? properties(0, 65_535, 1 << 20)
                                : ConnectProperties.NONE));
    }

    @ParameterizedTest // [MQTT5-3.2.2-21] [MQTT5-3.1.2-22]
    @CsvSource({"0", "61", "65535"})
    void mqtt5_thatAsksForMore_isToldTheLongest_whichHolds(int keepAlive) {
        FakeLink link = connecting(ProtocolVersion.MQTT_5_0, keepAlive);

        assertThat(link.next(ConnAck.class).properties().serverKeepAliveSeconds()).isEqualTo(60);
        advance(89_000);
        assertThat(link.closed).isFalse();
        advance(2_000);
        assertThat(link.closed).isTrue();
    }

    @ParameterizedTest // [MQTT311-3.1.2-24]
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1", "MQTT_3_1_1"})
    void mqtt3_thatAsksForMore_hasOneAndAHalfTimesWhatItAskedFor(ProtocolVersion version) {
        FakeLink link = connecting(version, 600);

        link.next(ConnAck.class);
        advance(899_000);
        assertThat(link.closed).isFalse();
        assertThat(broker.clients().list().get(0).keepAliveSeconds()).isEqualTo(600);
        advance(2_000);
        assertThat(link.closed).isTrue();
    }

    @ParameterizedTest // section 3.1.2.10: 0 switches it off
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1", "MQTT_3_1_1"})
    void mqtt3_thatAsksForNone_maySayNothing(ProtocolVersion version) {
        FakeLink link = connecting(version, 0);

        link.next(ConnAck.class);
        advance(3_600_000);
        assertThat(link.closed).isFalse();
    }
}
