package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.mqtt.codec.Unsubscribe;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Retained Messages at the pace of a client that takes them slowly. */
class RetainedDeliveryTest extends BrokerFixture {
    private static final int RETAINED = 90;

    @BeforeEach
    void retain() {
        FakeLink publisher = client("p");
        for (int i = 0; i < RETAINED; i++) {
            publisher.says(retain("r/" + i, "x"));
        }
    }

    private static Packet again(RetainHandling handling) {
        return subscribe("r/#", Qos.AT_MOST_ONCE, 0, false, false, handling);
    }

    @Test
    void subscribingAgainAndAgain_withoutReading_bringsThemOnce() {
        FakeLink slow = client("s");
        slow.writable = false;
        for (int i = 0; i < 1_000; i++) {
            slow.says(again(RetainHandling.SEND));
        }
        assertThat(slow.publishes()).isEmpty();

        slow.writable(true);

        assertThat(slow.publishes()).hasSize(RETAINED);
    }

    @Test // [MQTT5-3.3.1-10]
    void subscribingAgain_whileTheyAreOnTheirWay_losesNone() {
        FakeLink slow = client("s");
        slow.writable = false;
        slow.says(again(RetainHandling.SEND), again(RetainHandling.SEND_IF_NEW));

        slow.writable(true);

        assertThat(slow.publishes()).hasSize(RETAINED).allMatch(Publish::retain);
    }

    @Test
    void unsubscribing_whileTheyAreOnTheirWay_endsThem() {
        FakeLink slow = client("s");
        slow.writable = false;
        slow.says(
                again(RetainHandling.SEND),
                new Unsubscribe(2, List.of(), List.of(TopicFilter.of("r/#"))));

        slow.writable(true);

        assertThat(slow.publishes()).isEmpty();
    }

    @Test
    void severalFilters_bringTheirsInTurn() {
        FakeLink slow = client("s");
        slow.writable = false;
        slow.says(
                subscribe("r/1", Qos.AT_MOST_ONCE),
                subscribe("r/+", Qos.AT_MOST_ONCE),
                subscribe("nothing/#", Qos.AT_MOST_ONCE));

        slow.writable(true);

        assertThat(slow.publishes()).hasSize(RETAINED + 1);
    }
}
