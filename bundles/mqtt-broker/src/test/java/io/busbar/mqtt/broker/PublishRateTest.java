package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.limit.PublishRate;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.SubAck;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** One client that publishes faster than it may. */
class PublishRateTest extends BrokerFixture {
    private FakeLink subscriber;

    @Override
    PublishRate publishRate() {
        return new PublishRate(10, 1_000, PublishRate.Excess.SLOW_DOWN);
    }

    private FakeLink publish(int count, int bytes) {
        subscriber = client("s");
        subscriber.says(subscribe("t", Qos.AT_MOST_ONCE)).next(SubAck.class);
        FakeLink publisher = client("p");
        for (int i = 0; i < count; i++) {
            publisher.says(publish("t", "x".repeat(bytes), Qos.AT_MOST_ONCE, 0));
        }
        return publisher;
    }

    @Test
    void aSecondsWorth_mayComeAtOnce() {
        FakeLink publisher = publish(10, 1);

        assertThat(subscriber.texts()).hasSize(10);
        assertThat(publisher.reading).isTrue();
        assertThat(broker.stats().connections().throttled()).isZero();
    }

    @Test
    void more_waitsAndIsNotLost() {
        FakeLink publisher = publish(31, 1);

        assertThat(subscriber.texts()).hasSize(11);
        assertThat(publisher.reading).isFalse();
        assertThat(broker.stats().connections().throttled()).isEqualTo(1);
        assertThat(broker.rejections().list().get(0).cause())
                .isEqualTo(Rejection.Cause.PUBLISH_RATE);

        int later = 0;
        for (int i = 0; i < 20; i++) {
            advance(100);
            later += subscriber.texts().size();
        }
        assertThat(later).isEqualTo(20);
        assertThat(publisher.closed).isFalse();
    }

    @Test
    void bytes_countAsWell() {
        FakeLink publisher = publish(2, 600);

        assertThat(subscriber.texts()).hasSize(2);
        assertThat(publisher.reading).isFalse();
        advance(199);
        assertThat(publisher.reading).isFalse();
        advance(1);
        assertThat(publisher.reading).isTrue();
    }

    @Test
    void oneMessageFarBeyond_endsTheConnection() {
        FakeLink publisher = publish(1, 20_000);

        assertThat(publisher.next(Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.MESSAGE_RATE_TOO_HIGH);
    }

    @Test
    void whoLeavesWhileHeld_leavesNoTimer() {
        FakeLink publisher = publish(1, 5_000);
        assertThat(publisher.reading).isFalse();
        int held = timers();

        publisher.lose();

        assertThat(timers()).isEqualTo(held - 1);
    }

    @Test
    void others_areNotHeld() {
        publish(31, 1);

        client("q").says(publish("t", "mine", Qos.AT_MOST_ONCE, 0));

        assertThat(subscriber.texts()).contains("mine");
    }

    @Nested
    class Disconnecting extends BrokerFixture {
        @Override
        PublishRate publishRate() {
            return new PublishRate(10, 0, PublishRate.Excess.DISCONNECT);
        }

        @Test
        void whoIsTooFast_isToldAndClosed() {
            FakeLink publisher = client("p");
            for (int i = 0; i < 11; i++) {
                publisher.says(publish("t", "x", Qos.AT_MOST_ONCE, 0));
            }

            assertThat(publisher.next(Disconnect.class).reasonCode())
                    .isEqualTo(ReasonCode.MESSAGE_RATE_TOO_HIGH);
            assertThat(publisher.closed).isTrue();
        }
    }
}
