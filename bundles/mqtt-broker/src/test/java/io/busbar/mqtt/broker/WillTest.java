package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.testkit.access.ScriptedAccess;
import org.junit.jupiter.api.Test;

class WillTest extends BrokerFixture {
    private FakeLink dying(long delay, long expiry) {
        return connected(connect("d", false, will("will", delay), properties(expiry, 10, 10_000)));
    }

    @Test // [MQTT5-3.1.2-8]
    void will_isSentWhenTheConnectionBreaks() {
        FakeLink watcher = subscriber("w", "will", Qos.AT_LEAST_ONCE);

        dying(0, 0).lose();

        assertThat(watcher.texts()).containsExactly("gone");
    }

    @Test // [MQTT5-3.14.4-3]
    void will_isNotSentAfterANormalDisconnect() {
        FakeLink watcher = subscriber("w", "will", Qos.AT_LEAST_ONCE);

        dying(0, 0).says(Disconnect.NORMAL);

        assertThat(watcher.texts()).isEmpty();
    }

    @Test
    void will_isSentAfterDisconnectWithWill() {
        FakeLink watcher = subscriber("w", "will", Qos.AT_LEAST_ONCE);

        dying(0, 0)
                .says(
                        new Disconnect(
                                ReasonCode.DISCONNECT_WITH_WILL, -1, ReasonDetails.NONE, null));

        assertThat(watcher.texts()).containsExactly("gone");
    }

    @Test // [MQTT5-3.1.3-9]
    void will_delayed_isNotSentIfTheClientIsBackInTime() {
        FakeLink watcher = subscriber("w", "will", Qos.AT_LEAST_ONCE);
        dying(10, 100).lose();
        advance(5_000);

        dying(10, 100);
        advance(20_000);

        assertThat(watcher.texts()).isEmpty();
    }

    @Test
    void will_delayed_isSentAfterTheDelay() {
        FakeLink watcher = subscriber("w", "will", Qos.AT_LEAST_ONCE);
        dying(10, 100).lose();

        advance(9_000);
        assertThat(watcher.texts()).isEmpty();
        advance(2_000);

        assertThat(watcher.texts()).containsExactly("gone");
    }

    @Test
    void will_delayed_isSentWhenTheSessionEndsBefore() {
        FakeLink watcher = subscriber("w", "will", Qos.AT_LEAST_ONCE);
        dying(100, 5).lose();

        advance(6_000);

        assertThat(watcher.texts()).containsExactly("gone");
    }

    @Test
    void will_withoutTheRight_isDroppedAndListed() {
        FakeLink watcher = subscriber("w", "will", Qos.AT_LEAST_ONCE);
        access.publishing(topic -> false);

        dying(0, 0).lose();

        assertThat(watcher.texts()).isEmpty();
        assertThat(broker.rejections().list()).hasSize(1);
    }

    @Test
    void clientThatComesAndGoes_leavesNoTimersBehind() {
        dying(0xFFFF_FFFFL, 0xFFFF_FFFEL).lose();
        int before = timers();

        for (int i = 0; i < 100; i++) {
            dying(0xFFFF_FFFFL, 0xFFFF_FFFEL).lose();
        }
        assertThat(timers()).isEqualTo(before);
        connected(connect("d", true, 0)).lose();

        assertThat(timers()).isEqualTo(before);
    }

    private void restart() {
        stopBroker();
        startBroker();
    }

    @Test
    void will_thatWaits_isSentAfterARestart() {
        dying(10, 100).lose();
        settle();

        restart();
        FakeLink watcher = subscriber("w", "will", Qos.AT_LEAST_ONCE);
        advance(11_000);

        assertThat(watcher.texts()).containsExactly("gone");
    }

    @Test
    void will_withoutTheRight_isNotSentAfterARestartEither() {
        access.publishing(topic -> !topic.equals("will"));
        dying(10, 100).lose();
        settle();

        restart();
        FakeLink watcher = subscriber("w", "will", Qos.AT_LEAST_ONCE);
        advance(11_000);

        assertThat(watcher.texts()).isEmpty();
    }

    @Test
    void will_whoseRightIsTakenWhileItWaits_isNotSentAfterARestartEither() {
        dying(10, 100).lose();
        access.publishing(topic -> !topic.equals("will"));
        broker.clients().update(ScriptedAccess.principal("", 0), Actor.SERVER);
        settle();

        restart();
        FakeLink watcher = subscriber("w", "will", Qos.AT_LEAST_ONCE);
        advance(11_000);

        assertThat(watcher.texts()).isEmpty();
    }
}
