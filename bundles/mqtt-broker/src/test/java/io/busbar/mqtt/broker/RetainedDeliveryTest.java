package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.mqtt.codec.Subscribe;
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

    @Test // [MQTT5-3.3.1-10] [MQTT5-3.8.4-5]
    void oneFilterTwiceInOnePacket_bringsThemOnce() {
        Subscribe.Entry entry =
                new Subscribe.Entry(
                        TopicFilter.of("r/#"),
                        Qos.AT_MOST_ONCE,
                        false,
                        false,
                        RetainHandling.SEND_IF_NEW);

        FakeLink subscriber =
                client("s").says(new Subscribe(1, 0, List.of(), List.of(entry, entry)));

        assertThat(subscriber.publishes()).hasSize(RETAINED);
    }

    @Test // [MQTT5-3.3.1-10]
    void subscribingAgain_beforeTheFirstIsDurable_bringsThem() {
        FakeLink subscriber = connected(connect("s", true, 100));

        subscriber.sendWithinTurn(again(RetainHandling.SEND_IF_NEW));
        subscriber.sendWithinTurn(again(RetainHandling.SEND_IF_NEW));

        assertThat(subscriber.publishes()).hasSize(RETAINED);
    }

    @Test
    void unsubscribing_beforeTheFirstIsDurable_endsThem() {
        FakeLink subscriber = connected(connect("s", true, 100));

        subscriber.sendWithinTurn(again(RetainHandling.SEND));
        subscriber.sendWithinTurn(new Unsubscribe(2, List.of(), List.of(TopicFilter.of("r/#"))));
        subscriber.sendWithinTurn(again(RetainHandling.DO_NOT_SEND));

        assertThat(subscriber.publishes()).isEmpty();
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
