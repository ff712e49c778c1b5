package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.limit.ProviderLimits;
import io.busbar.mqtt.broker.limit.RetainedLimits;
import io.busbar.mqtt.broker.limit.SessionLimits;
import io.busbar.mqtt.broker.loop.Background;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.UnsubAck;
import io.busbar.mqtt.codec.Unsubscribe;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.storage.HeldStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Expensive requests are carried out in many turns of the loop, and in each of them everybody else
 * is served.
 */
class TurnsTest extends BrokerFixture {
    private static final int RETAINED = 3_000;
    private static final int FILTERS = 2_000;

    /** What one turn may bring of Retained Messages: at once, and of what waited. */
    private static final int MOST_RETAINED = 2 * Background.TURN / 9 + 10;

    private final HeldStore held = HeldStore.losing(new MemoryStore());

    TurnsTest() {
        store = held;
    }

    @Override
    BrokerLimits limits() {
        BrokerLimits usual = super.limits();
        return new BrokerLimits(
                usual.packets(),
                usual.connects(),
                new SessionLimits(1_000, 0xFFFF_FFFFL, 10_000),
                usual.topics(),
                usual.publishes(),
                usual.deliveries(),
                new RetainedLimits(RETAINED, 1 << 20, 250, 1 << 20, 1 << 20),
                new ProviderLimits(8, 100));
    }

    private void retain() {
        for (int i = 0; i < RETAINED; i++) {
            broker.publish(
                    new Message(
                            TopicName.of("r/" + i % 10 + "/" + i),
                            bytes("x"),
                            Qos.AT_LEAST_ONCE,
                            true,
                            MessageProperties.NONE,
                            Publisher.SERVER,
                            0));
        }
        settle();
    }

    private static Packet[] walks(int count, Qos qos) {
        return IntStream.range(0, count)
                .mapToObj(i -> subscribe("r/+/+" + "/#".repeat(i % 2), qos))
                .toArray(Packet[]::new);
    }

    /** Different filters that all match everything. */
    private static Packet[] differentWalks(int count, Qos qos) {
        List<String> filters = new ArrayList<>(List.of("r/#", "r/+/#", "r/+/+", "r/+/+/#", "#"));
        filters.addAll(List.of("+/#", "+/+/#", "+/+/+", "+/+/+/#", "+/+/+/+/#"));
        for (int i = 0; filters.size() < count; i++) {
            filters.add("r/" + i % 10 + "/+" + "/+".repeat(i / 10));
        }
        return filters.stream()
                .limit(count)
                .map(filter -> subscribe(filter, qos))
                .toArray(Packet[]::new);
    }

    private static Subscribe manyFilters() {
        return new Subscribe(
                7,
                0,
                List.of(),
                IntStream.range(0, FILTERS)
                        .mapToObj(
                                i ->
                                        new Subscribe.Entry(
                                                TopicFilter.of("f/" + i),
                                                i % 3 == 0 ? Qos.AT_MOST_ONCE : Qos.AT_LEAST_ONCE))
                        .toList());
    }

    /** Turns the loop until nothing is left; how many messages came at most in one turn. */
    private int mostAtOnce(List<FakeLink> walkers, FakeLink bystander) {
        int most = 0;
        boolean more;
        do {
            bystander.sends(PingReq.INSTANCE);
            assertThat(bystander.sent.poll()).isInstanceOf(PingResp.class);
            more = turn();
            int came = 0;
            for (FakeLink walker : walkers) {
                came += (int) walker.sent.stream().filter(Publish.class::isInstance).count();
                walker.sent.clear();
            }
            most = Math.max(most, came);
        } while (more);
        return most;
    }

    @Test
    void retainedMessages_forManyPipelinedSubscribes_comeInManyTurns() {
        retain();
        FakeLink bystander = client("bystander");
        List<FakeLink> walkers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            walkers.add(client("w" + i));
        }
        walkers.forEach(walker -> walker.sends(walks(50, Qos.AT_MOST_ONCE)));

        assertThat(mostAtOnce(walkers, bystander)).isBetween(1, MOST_RETAINED);
    }

    @Test
    void walks_areRoundRobin_soThatNoClientWaitsForAnother() {
        retain();
        FakeLink first = client("first");
        FakeLink second = client("second");
        first.sends(differentWalks(10, Qos.AT_MOST_ONCE));
        second.sends(subscribe("r/1/#", Qos.AT_MOST_ONCE));

        while (second.sent.stream().filter(Publish.class::isInstance).count() < RETAINED / 10) {
            assertThat(turn()).isTrue();
        }

        assertThat(first.sent.size()).isLessThan(2 * MOST_RETAINED);
        assertThat(first.publishes()).hasSizeGreaterThan(8 * RETAINED);
    }

    @Test
    void clientWithManyWalks_isNotReadMeanwhile_andGetsEverything() {
        retain();
        FakeLink walker = client("w").sends(differentWalks(40, Qos.AT_MOST_ONCE));
        walker.sends(PingReq.INSTANCE);
        assertThat(walker.reading).isFalse();
        assertThat(walker.unread()).isPositive();

        settle();

        assertThat(walker.reading).isTrue();
        assertThat(walker.sent.stream().filter(SubAck.class::isInstance)).hasSize(40);
        assertThat(walker.sent.stream().filter(PingResp.class::isInstance)).hasSize(1);
        assertThat(walker.publishes()).hasSizeGreaterThanOrEqualTo(10 * RETAINED);
    }

    @Test
    void clientThatHasToAcknowledge_isRead_howeverManyWalksWaitForIt() {
        retain();
        FakeLink walker = client("w").says(differentWalks(40, Qos.AT_LEAST_ONCE));

        assertThat(walker.reading).isTrue();
        assertThat(walker.unread()).isZero();
        assertThat(walker.texts()).hasSizeGreaterThanOrEqualTo(10 * RETAINED);
    }

    @Test
    void connectionThatEnds_takesItsWalksAlong() {
        retain();
        FakeLink walker = client("w").sends(differentWalks(40, Qos.AT_MOST_ONCE));
        walker.lose();
        walker.sent.clear();

        settle();

        assertThat(walker.sent).isEmpty();
        assertThat(client("next").says(PingReq.INSTANCE).next(PingResp.class)).isNotNull();
    }

    @Test // [MQTT5-3.8.4-5] [MQTT5-3.8.4-6]
    void subscribeWithManyFilters_isCarriedOutInManyTurns_andAnsweredOnceInOrder() {
        FakeLink client = client("c").sends(manyFilters(), PingReq.INSTANCE);
        int turns = 0;
        while (client.sent.isEmpty()) {
            assertThat(turn()).isTrue();
            turns++;
        }
        assertThat(turns).isGreaterThanOrEqualTo(FILTERS * 16 / Background.TURN - 1);

        SubAck answer = client.next(SubAck.class);
        assertThat(answer.packetId()).isEqualTo(7);
        assertThat(answer.reasonCodes()).hasSize(FILTERS);
        for (int i = 0; i < FILTERS; i++) {
            assertThat(answer.reasonCodes().get(i))
                    .isEqualTo(i % 3 == 0 ? ReasonCode.SUCCESS : ReasonCode.GRANTED_QOS_1);
        }
        client.next(PingResp.class); // what came after it is handled after it
        assertThat(broker.stats().subscriptions().total()).isEqualTo(FILTERS);
    }

    @Test // [MQTT5-3.10.4-4] [MQTT5-3.11.3-1]
    void unsubscribeWithManyFilters_isCarriedOutInManyTurns_andAnsweredOnceInOrder() {
        FakeLink client = client("c").says(manyFilters());
        client.next(SubAck.class);
        List<TopicFilter> filters =
                IntStream.range(0, 2 * FILTERS).mapToObj(i -> TopicFilter.of("f/" + i)).toList();

        client.sends(new Unsubscribe(8, List.of(), filters), PingReq.INSTANCE);
        assertThat(client.sent).isEmpty();

        UnsubAck answer = client.next(UnsubAck.class);
        assertThat(answer.reasonCodes().subList(0, FILTERS)).containsOnly(ReasonCode.SUCCESS);
        assertThat(answer.reasonCodes().subList(FILTERS, 2 * FILTERS))
                .containsOnly(ReasonCode.NO_SUBSCRIPTION_EXISTED);
        client.next(PingResp.class);
        assertThat(broker.stats().subscriptions().total()).isZero();
    }

    @Test
    void subscribeInParts_isAnsweredWhenEveryPartIsDurable() {
        FakeLink client = connected(connect("c", true, 100));
        held.hold(true);
        client.sends(manyFilters());
        settle();
        assertThat(client.sent).isEmpty();

        while (held.held() > 1) {
            held.release();
            settle();
            assertThat(client.sent).isEmpty();
        }
        held.release();
        settle();

        client.next(SubAck.class);
    }

    @Test
    void subscribeInParts_ofWhichOneIsNotStored_isNotAnswered() {
        FakeLink client = connected(connect("c", true, 100));
        held.hold(true);
        client.sends(manyFilters());
        turn();
        held.crash();

        settle();

        assertThat(client.sent.stream().filter(SubAck.class::isInstance)).isEmpty();
    }

    @Test
    void sessionWithManySubscriptions_endsInManyTurns_andGetsNothingMore() {
        FakeLink client = client("c").says(manyFilters());
        client.next(SubAck.class);
        FakeLink publisher = client("p");

        client.lose(false);

        assertThat(broker.stats().sessions().total()).isEqualTo(1);
        assertThat(broker.stats().subscriptions().total())
                .isBetween(FILTERS - Background.PORTION / 16L, FILTERS - 1L);
        publisher.sends(publish("f/1999", "x", Qos.AT_MOST_ONCE, 0));
        settle();
        assertThat(broker.stats().subscriptions().total()).isZero();
        assertThat(client.publishes()).isEmpty();
    }

    @Test // [MQTT5-3.3.2-5]
    void manyRetainedMessagesThatExpire_areRemovedInManyTurns() {
        FakeLink publisher = client("p");
        for (int i = 0; i < RETAINED; i++) {
            broker.publish(
                    new Message(
                            TopicName.of("e/" + i),
                            bytes("x"),
                            Qos.AT_MOST_ONCE,
                            true,
                            new MessageProperties(
                                    MessageProperties.ABSENT, 10, null, null, null, List.of()),
                            Publisher.SERVER,
                            loops.clock().millis()));
        }
        settle();
        assertThat(broker.stats().messages().retained()).isEqualTo((long) RETAINED);
        loops.clock().advance(Duration.ofSeconds(11));

        int most = 0;
        for (int before = RETAINED; before > 0; ) {
            loops.turn(home.turning());
            int now = (int) broker.stats().messages().retained();
            most = Math.max(most, before - now);
            before = now;
        }

        assertThat(most).isBetween(1, Background.TURN / 16);
        settle();
        assertThat(publisher.says(subscribe("e/#", Qos.AT_MOST_ONCE)).publishes()).isEmpty();
    }

    @Test
    void burstOfPublishes_toManySubscribers_isHandledInManyTurns() {
        int subscribers = 100;
        List<FakeLink> all = new ArrayList<>();
        for (int i = 0; i < subscribers; i++) {
            all.add(subscriber("s" + i, "b", Qos.AT_MOST_ONCE));
        }
        FakeLink bystander = client("bystander");
        Packet[] burst = new Packet[1_000];
        for (int i = 0; i < burst.length; i++) {
            burst[i] = publish("b", "" + i, Qos.AT_MOST_ONCE, 0);
        }

        FakeLink publisher = client("p").sends(burst);
        assertThat(publisher.unread()).isPositive();
        int before = publisher.unread();
        while (publisher.unread() > 0) {
            bystander.sends(PingReq.INSTANCE);
            assertThat(bystander.sent.poll()).isInstanceOf(PingResp.class);
            turn();
            assertThat(before - publisher.unread()).isLessThanOrEqualTo(20_000 / subscribers);
            before = publisher.unread();
        }

        for (FakeLink each : all) {
            assertThat(each.texts())
                    .isEqualTo(IntStream.range(0, burst.length).mapToObj(i -> "" + i).toList());
        }
        assertThat(publisher.sent.stream().filter(Disconnect.class::isInstance)).isEmpty();
    }

    private List<FakeLink> subscribers(int count, String filter) {
        List<FakeLink> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(subscriber("s" + i, filter, Qos.AT_MOST_ONCE));
        }
        return all;
    }

    private static long came(List<FakeLink> links) {
        return links.stream()
                .flatMap(link -> link.sent.stream())
                .filter(Publish.class::isInstance)
                .count();
    }

    @Test
    void messageToManySubscribers_isDeliveredInPortions_andAcknowledgedAtTheEnd() {
        List<FakeLink> all = subscribers(900, "many");
        FakeLink bystander = client("bystander");
        FakeLink publisher = client("p");

        publisher.sends(
                publish("many", "1", Qos.AT_LEAST_ONCE, 1),
                publish("many", "2", Qos.AT_LEAST_ONCE, 2));

        assertThat(came(all)).isEqualTo(Background.PORTION / 4);
        assertThat(publisher.reading).isFalse();
        assertThat(publisher.unread()).isEqualTo(1);
        assertThat(publisher.sent).isEmpty();
        bystander.sends(PingReq.INSTANCE);
        assertThat(bystander.sent.poll()).isInstanceOf(PingResp.class);

        settle();

        all.forEach(each -> assertThat(each.texts()).containsExactly("1", "2"));
        assertThat(publisher.next(PubAck.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(publisher.next(PubAck.class).packetId()).isEqualTo(2);
        assertThat(publisher.reading).isTrue();
    }

    @Test // [MQTT5-4.6.0-6]
    void willOfAClient_followsItsMessageThatIsStillDelivered() {
        List<FakeLink> all = subscribers(900, "many");
        FakeLink publisher =
                connected(connect("p", true, will("many", 0), properties(0, 10, 10_000)));

        publisher.sends(publish("many", "last", Qos.AT_MOST_ONCE, 0));
        publisher.lose();

        all.forEach(each -> assertThat(each.texts()).containsExactly("last", "gone"));
    }

    @Test // [MQTT5-4.6.0-6]
    void clientThatComesBack_isHeardAfterItsMessageThatIsStillDelivered() {
        List<FakeLink> all = subscribers(900, "many");
        all.get(899).sent.clear();
        FakeLink publisher = client("p");
        publisher.sends(publish("many", "first", Qos.AT_MOST_ONCE, 0));
        publisher.lose(false);

        FakeLink again = client("p");
        again.says(publish("many", "second", Qos.AT_MOST_ONCE, 0));

        all.forEach(each -> assertThat(each.texts()).containsExactly("first", "second"));
        assertThat(again.reading).isTrue();
    }

    @Test
    void manyPublishersInOneTurn_causeNoMoreThanOneTurnTakes() {
        List<FakeLink> all = subscribers(100, "b");
        List<FakeLink> publishers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            publishers.add(client("p" + i));
        }
        settle();

        for (FakeLink publisher : publishers) {
            publisher.sends(
                    publish("b", "1", Qos.AT_MOST_ONCE, 0), publish("b", "2", Qos.AT_MOST_ONCE, 0));
        }

        int steps = 2 * Background.TURN; // of what sockets bring, and beside it
        assertThat(came(all)).isBetween(1L, steps / 4L);
        settle();
        all.forEach(each -> assertThat(each.texts()).hasSize(100));
    }
}
