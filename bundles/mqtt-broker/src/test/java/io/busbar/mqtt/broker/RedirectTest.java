package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.feature.Features;
import io.busbar.mqtt.broker.feature.Redirect;
import io.busbar.mqtt.broker.topic.ShareStrategy;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.ConnAckProperties;
import io.busbar.mqtt.codec.Disconnect;
import org.junit.jupiter.api.Test;

/** Clients are told which server to use instead, MQTT 5.0 section 4.11. */
class RedirectTest extends BrokerFixture {
    private Redirect redirect = new Redirect("other.example:8883", Redirect.When.OVERLOAD);

    @Override
    Features features() {
        return new Features(
                Qos.EXACTLY_ONCE,
                true,
                true,
                true,
                true,
                ShareStrategy.ROUND_ROBIN,
                false,
                "",
                redirect);
    }

    private void restart(Redirect.When when) {
        redirect = new Redirect("other.example:8883", when);
        stopBroker();
        startBroker();
    }

    private ConnAck refusal(FakeLink link) {
        ConnAck refused = link.next(ConnAck.class);
        assertThat(link.closed).isTrue();
        return refused;
    }

    @Test
    void overload_serves() {
        assertThat(client("a").closed).isFalse();
    }

    @Test
    void overload_noRoomForASession_sendsElsewhere() {
        for (int i = 0; i < 1_000; i++) {
            client("c" + i);
        }

        ConnAck refused = refusal(link().says(connect("one more", true, 0)));

        assertThat(refused.reasonCode()).isEqualTo(ReasonCode.USE_ANOTHER_SERVER);
        assertThat(refused.properties().serverReference()).isEqualTo("other.example:8883");
    }

    @Test
    void overload_serverStops_sendsElsewhere() {
        FakeLink client = client("a");
        FakeLink old = connected(connect311("b", true));

        Thread closing = new Thread(broker::close);
        closing.start();
        while (closing.isAlive()) {
            settle();
            Thread.onSpinWait();
        }

        Disconnect told = client.next(Disconnect.class);
        assertThat(told.reasonCode()).isEqualTo(ReasonCode.USE_ANOTHER_SERVER);
        assertThat(told.serverReference()).isEqualTo("other.example:8883");
        assertThat(old.closed).isTrue();
    }

    @Test
    void temporary_sendsEverybodyElsewhere() {
        restart(Redirect.When.TEMPORARY);

        ConnAck refused = refusal(link().says(connect("a", true, 0)));

        assertThat(refused.reasonCode()).isEqualTo(ReasonCode.USE_ANOTHER_SERVER);
        assertThat(refused.properties().serverReference()).isEqualTo("other.example:8883");
        assertThat(broker.rejections().list().get(0).cause())
                .isEqualTo(Rejection.Cause.USE_ANOTHER_SERVER);
    }

    @Test
    void permanent_saysThatTheServerMoved() {
        restart(Redirect.When.PERMANENT);

        ConnAck refused = refusal(link().says(connect("a", true, 0)));

        assertThat(refused.reasonCode()).isEqualTo(ReasonCode.SERVER_MOVED);
        assertThat(refused.properties().serverReference()).isEqualTo("other.example:8883");
    }

    @Test // the encoder says return code 3, server unavailable
    void permanent_mqtt3_isRefusedWithoutReference() {
        restart(Redirect.When.PERMANENT);

        FakeLink link = link();
        link.version(ProtocolVersion.MQTT_3_1_1);
        link.says(connect311("a", true));

        ConnAck refused = refusal(link);
        assertThat(refused.reasonCode()).isEqualTo(ReasonCode.SERVER_MOVED);
        assertThat(refused.properties()).isEqualTo(ConnAckProperties.NONE);
    }

    @Test
    void configuration_withoutReference_isRefused() {
        assertThatThrownBy(() -> new Redirect("", Redirect.When.TEMPORARY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("server.reference: empty (expected: ");
        assertThatThrownBy(() -> Redirect.When.of("sometimes"))
                .hasMessage(
                        "server.redirect: \"sometimes\" (expected: overload, temporary or"
                                + " permanent)");
    }
}
