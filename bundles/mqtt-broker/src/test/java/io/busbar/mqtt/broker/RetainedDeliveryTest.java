package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.Unsubscribe;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Retained Messages at the pace of a client that takes them slowly. */
class RetainedDeliveryTest extends BrokerFixture {
    private static final int RETAINED = 90;
    private static final TopicName FULL = TopicName.of("full");

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

    @ParameterizedTest // [MQTT5-4.3.3-9]
    @ValueSource(longs = {0, 100})
    void qos2_thatIsNotRetained_isToldSo_andItsIdentifierIsFree(long expirySeconds) {
        fill();
        FakeLink subscriber = subscriber("s", "full", Qos.EXACTLY_ONCE);
        FakeLink publisher = connected(connect("q", true, expirySeconds));

        publisher.says(Publish.of(FULL, bytes("1"), Qos.EXACTLY_ONCE, true, 7));
        assertThat(publisher.next(PubRec.class).reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        publisher.says(publish("full", "2", Qos.EXACTLY_ONCE, 7));
        assertThat(publisher.next(PubRec.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);

        assertThat(subscriber.texts()).containsExactly("1", "2");
    }

    @Test
    void qos2_thatIsNotRetained_ofAClientThatCannotBeTold_isTakenOver() {
        fill();
        FakeLink subscriber = subscriber("s", "full", Qos.EXACTLY_ONCE);
        FakeLink publisher = connected(connect311("q", true));

        publisher.says(Publish.of(FULL, bytes("1"), Qos.EXACTLY_ONCE, true, 7));
        publisher.next(PubRec.class);
        publisher.says(new PubRel(7, ReasonCode.SUCCESS)).next(PubComp.class);

        assertThat(subscriber.texts()).containsExactly("1");
    }

    /** There are as many as there may be. */
    private void fill() {
        FakeLink publisher = client("p");
        for (int i = RETAINED; i < limits().retained().maxMessages(); i++) {
            publisher.says(retain("r/" + i, "x"));
        }
    }
}
