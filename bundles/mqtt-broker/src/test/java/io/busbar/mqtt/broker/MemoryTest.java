package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.DropCause;
import io.busbar.api.broker.Rejection;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryHolder;
import io.busbar.api.memory.MemoryShortage;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.memory.ProcessMemory;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.limit.DeliveryLimits;
import io.busbar.mqtt.broker.limit.ProviderLimits;
import io.busbar.mqtt.broker.limit.RetainedLimits;
import io.busbar.mqtt.broker.limit.SessionLimits;
import io.busbar.mqtt.broker.limit.TopicLimits;
import io.busbar.mqtt.broker.session.SlowClients;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Unsubscribe;
import io.busbar.mqtt.codec.Will;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients may hold of the memory: together as well as each. */
class MemoryTest extends BrokerFixture {
    private static final long MAXIMUM = 8 << 20;
    private static final String DEEP = "a/".repeat(194) + "b";

    @BeforeEach
    @Override
    void startBroker() {
        memory.close();
        memory = new ProcessMemory(MAXIMUM, MAXIMUM, Clock.systemUTC());
        super.startBroker();
    }

    @Override
    BrokerLimits limits() {
        BrokerLimits usual = super.limits();
        return new BrokerLimits(
                usual.packets(),
                usual.connects(),
                new SessionLimits(100_000, 0xFFFF_FFFFL, 100_000),
                new TopicLimits(200, 5),
                usual.publishes(),
                new DeliveryLimits(100, 1_000_000, 1L << 40, false, 1L << 40, 1_000, 100, stored()),
                new RetainedLimits(1_000_000, 1L << 40, 250, 1 << 20, 1 << 20),
                new ProviderLimits(8, 100));
    }

    /** Without what loops remember in order to be quick. */
    private long used() {
        long remembered = remembered();
        return memory.use(MemoryArea.HEAP).usedBytes() - remembered;
    }

    private long remembered() {
        // What loops have gathered is told when they look at the time.
        settle();
        advance(300);
        return memory.use(MemoryArea.HEAP).kinds().get("routes that are remembered");
    }

    private FakeLink connectedAs(String user, String clientId, long expiry) {
        return connected(connectAs(user, clientId, expiry, null));
    }

    private static Connect connectAs(String user, String clientId, long expiry, Will will) {
        return new Connect(
                ProtocolVersion.MQTT_5_0,
                false,
                0,
                clientId,
                will,
                user,
                bytes("secret"),
                properties(expiry, 65_535, Packet.MAXIMUM_SIZE_BYTES));
    }

    private static Publish retained(String topic, MessageProperties properties, int id) {
        return new Publish(
                false,
                Qos.AT_LEAST_ONCE,
                true,
                id,
                TopicName.of(topic),
                0,
                properties,
                NONE,
                bytes("1"));
    }

    private static MessageProperties userProperties(int count, int length) {
        List<UserProperty> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(new UserProperty("n", "v".repeat(length)));
        }
        return new MessageProperties(
                MessageProperties.ABSENT, MessageProperties.ABSENT, null, null, null, list);
    }

    /** Retains until it is refused; returns how many were retained. */
    private static int retainUntilFull(FakeLink link, String prefix, MessageProperties properties) {
        for (int i = 0; i < 100_000; i++) {
            link.says(retained(prefix + i, properties, 1));
            PubAck answer = link.next(PubAck.class);
            if (answer.reasonCode() == ReasonCode.QUOTA_EXCEEDED) {
                return i;
            }
        }
        throw new AssertionError("never full");
    }

    // ---- retained

    @ParameterizedTest
    @CsvSource({"deep, 0, 0", "long, 0, 0", "short, 200, 300", "short, 0, 0"})
    void retained_ofAnyShape_endAtTheMemory_andLeaveRoomForOthers(
            String shape, int count, int length) {
        String prefix =
                switch (shape) {
                    case "deep" -> DEEP;
                    case "long" -> "x".repeat(60_000);
                    default -> "x";
                };
        FakeLink greedy = connectedAs("greedy", "g", 0);

        int kept = retainUntilFull(greedy, prefix, userProperties(count, length));

        assertThat(kept).isPositive();
        assertThat(used()).isBetween(MAXIMUM / 3, MAXIMUM * 7 / 8);
        FakeLink other = connectedAs("other", "o", 0);
        other.says(retained("other", MessageProperties.NONE, 1));
        assertThat(other.next(PubAck.class).reasonCode())
                .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        assertThat(broker.rejections().list().get(0).cause())
                .isEqualTo(Rejection.Cause.RETAINED_FULL);
        MemoryShortage shortage = memory.shortages().get(0);
        assertThat(shortage.kind()).isEqualTo("retained messages");
        assertThat(shortage.heldBytes()).isGreaterThan(MAXIMUM / 4);
    }

    @Test
    void retained_ofTheSameSize_areReplacedEvenIfFull() {
        FakeLink greedy = connectedAs("greedy", "g", 0);
        retainUntilFull(greedy, "x/", MessageProperties.NONE);

        greedy.says(retained("x/0", MessageProperties.NONE, 1));

        assertThat(greedy.next(PubAck.class).reasonCode()).isNotEqualTo(ReasonCode.QUOTA_EXCEEDED);
    }

    // ---- subscriptions and sessions

    @Test
    void subscriptions_endAtTheMemory_andLeaveRoomForOthers() {
        FakeLink greedy = connectedAs("greedy", "g", 1_000);
        int granted = 0;
        for (ReasonCode answer = ReasonCode.SUCCESS; !answer.isError(); granted++) {
            greedy.says(subscribe("x".repeat(50_000) + granted, Qos.AT_MOST_ONCE));
            answer = greedy.next(SubAck.class).reasonCodes().get(0);
            assertThat(answer).isIn(ReasonCode.SUCCESS, ReasonCode.QUOTA_EXCEEDED);
        }

        assertThat(used()).isBetween(MAXIMUM / 3, MAXIMUM * 7 / 8);
        assertThat(broker.rejections().list().get(0).cause())
                .isEqualTo(Rejection.Cause.MEMORY_FULL);
        FakeLink other = connectedAs("other", "o", 1_000);
        other.says(subscribe("plant/#", Qos.AT_LEAST_ONCE));
        assertThat(other.next(SubAck.class).reasonCodes())
                .containsExactly(ReasonCode.GRANTED_QOS_1);
    }

    @Test
    void sessionsOfOneIdentity_endAtTheMemory_andLeaveRoomForOthers() {
        int sessions = 0;
        ReasonCode answer = ReasonCode.SUCCESS;
        for (; answer == ReasonCode.SUCCESS; sessions++) {
            FakeLink link = link();
            Will will =
                    new Will(
                            TopicName.of("w"),
                            new byte[50_000],
                            Qos.AT_LEAST_ONCE,
                            false,
                            1_000_000,
                            MessageProperties.NONE);
            link.says(connectAs("greedy", "g" + sessions, 1_000_000, will));
            answer = link.next(ConnAck.class).reasonCode();
            link.lose();
        }

        assertThat(answer).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(used()).isBetween(MAXIMUM / 3, MAXIMUM * 7 / 8);
        connectedAs("other", "o", 1_000);
    }

    @Test
    void topicAliasesOfLongTopics_endAtTheMemory() {
        int clients = 0;
        FakeLink link;
        do {
            link = connectedAs("greedy", "g" + clients++, 0);
            for (int alias = 1; alias <= 5 && !link.closed; alias++) {
                link.says(
                        new Publish(
                                false,
                                Qos.AT_MOST_ONCE,
                                false,
                                0,
                                TopicName.of("x".repeat(60_000) + alias),
                                alias,
                                MessageProperties.NONE,
                                NONE,
                                bytes("1")));
            }
        } while (!link.closed);

        assertThat(link.next(Disconnect.class).reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(used()).isLessThan(MAXIMUM * 7 / 8);
        connectedAs("other", "o", 0);
    }

    // ---- queues

    @Test
    void offlineQueues_endAtTheMemory_andTheLargestLosesFirst() {
        for (int i = 0; i < 14; i++) {
            FakeLink sleeper = connectedAs("sleeper", "s" + i, 1_000);
            sleeper.says(subscribe("big/" + i, Qos.AT_LEAST_ONCE));
            sleeper.lose();
        }
        FakeLink small = connectedAs("small", "small", 1_000);
        small.says(subscribe("small", Qos.AT_LEAST_ONCE));
        small.lose();
        FakeLink publisher = connectedAs("publisher", "p", 0);
        for (int n = 0; n < 100; n++) {
            for (int i = 0; i < 14; i++) {
                publisher.says(publish("big/" + i, "x".repeat(10_000), Qos.AT_LEAST_ONCE, 1));
                publisher.next(PubAck.class);
            }
        }
        publisher.says(publish("small", "1", Qos.AT_LEAST_ONCE, 1));

        assertThat(used()).isBetween(MAXIMUM / 3, MAXIMUM * 7 / 8);
        assertThat(broker.stats().losses().drops().get(DropCause.MEMORY_FULL)).isPositive();
        assertThat(memory.shortages().get(0).holder()).startsWith("s");
        FakeLink back = connectedAs("small", "small", 1_000);
        assertThat(back.publishes()).hasSize(1);
    }

    @Test
    void messageForManySessions_countsOnce() {
        for (int i = 0; i < 50; i++) {
            FakeLink sleeper = connectedAs("sleeper", "s" + i, 1_000);
            sleeper.says(subscribe("all", Qos.AT_LEAST_ONCE));
            sleeper.lose();
        }
        long before = used();

        client("p").says(publish("all", "x".repeat(500_000), Qos.AT_LEAST_ONCE, 1));

        assertThat(used() - before).isBetween(500_000L, 600_000L);
        assertThat(broker.stats().messages().queued()).isEqualTo(50);
    }

    @Test
    void manySmallQueuesOfOneIdentity_leaveRoomForOthers() {
        for (int i = 0; i < 1_000; i++) {
            FakeLink sleeper = connectedAs("many", "m" + i, 1_000);
            sleeper.says(subscribe("many/" + i, Qos.AT_LEAST_ONCE));
            sleeper.lose();
        }
        FakeLink innocent = connectedAs("innocent", "innocent", 0);
        innocent.says(subscribe("innocent", Qos.AT_LEAST_ONCE));
        innocent.next(SubAck.class);
        FakeLink publisher = connectedAs("publisher", "p", 0);
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 1_000; i++) {
                publisher.says(publish("many/" + i, "x".repeat(2_500), Qos.AT_LEAST_ONCE, 1));
                publisher.next(PubAck.class);
            }
        }
        assertThat(used()).isLessThan(MAXIMUM * 7 / 8);

        publisher.says(publish("innocent", "x".repeat(2_500), Qos.AT_LEAST_ONCE, 1));

        assertThat(innocent.publishes()).hasSize(1);
    }

    @Test
    void largeWills_ofSessionsThatAreThere_endAtTheMemory() {
        int sessions = 100;
        for (int i = 0; i < sessions; i++) {
            connectedAs("greedy", "g" + i, 1_000_000).lose();
        }
        Will will =
                new Will(
                        TopicName.of("w"),
                        new byte[70_000],
                        Qos.AT_LEAST_ONCE,
                        false,
                        1_000_000,
                        MessageProperties.NONE);
        int refused = 0;
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < sessions; i++) {
                FakeLink link = link();
                link.says(connectAs("greedy", "g" + i, 1_000_000, will));
                refused +=
                        link.next(ConnAck.class).reasonCode() == ReasonCode.QUOTA_EXCEEDED ? 1 : 0;
                link.lose();
            }
        }

        assertThat(refused).isPositive();
        assertThat(used()).isLessThan(MAXIMUM * 7 / 8);
        connectedAs("other", "o", 1_000);
    }

    // ---- backlogs

    @Test
    void slowClients_areFoundByIdentity_andCutWithoutWaiting() {
        FakeLink large = connectedAs("a", "large", 0);
        large.pending = 200_000;
        FakeLink[] many = new FakeLink[3];
        for (int i = 0; i < many.length; i++) {
            many[i] = connectedAs("b", "b" + i, 0);
            many[i].pending = 100_000L + i;
        }
        MemoryHolder largest = new SlowClients(broker.sessions()).largest();

        assertThat(largest).isNotNull();
        assertThat(largest.name()).isEqualTo("b2");
        assertThat(largest.weight()).isEqualTo(300_003);
        assertThat(largest.bytes()).isEqualTo(100_002);

        largest.release().run();
        settle();

        assertThat(many[2].aborted).isTrue();
        assertThat(broker.rejections().list().get(0).cause())
                .isEqualTo(Rejection.Cause.MEMORY_FULL);
        assertThat(large.closed).isFalse();
    }

    // ---- what loops remember

    @Test
    void routes_areCounted_andForgottenWhenASubscriberHasGone_alsoByALoopThatRoutesNothing() {
        FakeLink subscriber = connected(linkOnOtherLoop(), connectAs("s", "s", 0, null));
        subscriber.says(subscribe("t/#", Qos.AT_MOST_ONCE));
        FakeLink publisher = connectedAs("p", "p", 0);
        for (int i = 0; i < 200; i++) {
            publisher.says(publish("t/" + i, "1", Qos.AT_MOST_ONCE, 0));
        }
        assertThat(remembered()).isBetween(200 * 100L, 200 * 1_000L);

        subscriber.lose();

        assertThat(remembered()).isZero();
    }

    @Test
    void routes_withoutRoom_areNotRemembered_andMessagesArriveNevertheless() {
        FakeLink subscriber = connectedAs("s", "s", 0);
        subscriber.says(subscribe("t/#", Qos.AT_MOST_ONCE));
        subscriber.next(SubAck.class);
        FakeLink publisher = connectedAs("p", "p", 0);
        MemoryAccount others = memory.open(MemoryArea.HEAP, "others", 100, null);
        others.add(MAXIMUM);

        for (int i = 0; i < 200; i++) {
            publisher.says(publish("t/" + i, "1", Qos.AT_MOST_ONCE, 0));
        }

        assertThat(subscriber.publishes()).hasSize(200);
        assertThat(remembered()).isLessThan(1_000);
    }

    // ---- everything comes back

    @Test
    void everything_isGivenBack() {
        long empty = used();
        FakeLink publisher = connectedAs("p", "p", 0);
        publisher.says(retain("r/a/b", "1"), retain("r/a/c", "2"), retain("r/a/b", "longer"));
        for (int round = 0; round < 3; round++) {
            FakeLink client =
                    connected(
                            round == 1 ? linkOnOtherLoop() : link(),
                            connectAs("c", "c", 1_000, will("w", 100)));
            client.says(
                    subscribe("x/#", Qos.EXACTLY_ONCE),
                    subscribe("$share/g/x/#", Qos.AT_LEAST_ONCE),
                    subscribe("y", Qos.AT_LEAST_ONCE),
                    new Unsubscribe(9, List.of(), List.of(TopicFilter.of("y"))));
            publisher.says(publish("x/1", "1", Qos.AT_LEAST_ONCE, 1));
            client.lose();
            publisher.says(publish("x/1", "2", Qos.EXACTLY_ONCE, 2 + round));
            settle();
        }
        assertThat(used()).isGreaterThan(empty);

        advance(1_001_000);
        publisher.says(retain("r/a/b", ""), retain("r/a/c", ""));
        publisher.lose();

        assertThat(used()).isEqualTo(empty);
        broker.close();
        assertThat(memory.use(MemoryArea.HEAP).kinds()).isEmpty();
        assertThat(memory.use(MemoryArea.HEAP).usedBytes()).isZero();
    }
}
