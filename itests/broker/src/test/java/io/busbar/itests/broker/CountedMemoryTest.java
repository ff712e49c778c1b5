package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.api.storage.DeliveryMark;
import io.busbar.mqtt.broker.receipt.Unanswered;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.time.Await;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the memory budget counts is about what the heap holds: rather too much than too little. */
class CountedMemoryTest extends UnderAttack {
    private static final int WINDOW = 500;

    private long heapBefore;
    private long countedBefore;

    CountedMemoryTest() {
        super(Map.of("max_queued_messages", 1_000_000, "max_subscriptions", 1_000_000));
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private long counted() {
        return broker.running().memory().use(MemoryArea.HEAP).usedBytes();
    }

    private void begin() {
        countedBefore = counted();
        heapBefore = heap();
    }

    private void assertCounted(double from, double to) {
        // Loops tell the account a few times a second.
        long[] last = {-1};
        Await.until(() -> last[0] == (last[0] = counted()));
        double held = heap() - heapBefore;
        double counted = counted() - countedBefore;
        assertThat(counted / held).as("counted %.0f, held %.0f", counted, held).isBetween(from, to);
    }

    private static MessageProperties properties(int count, int length) {
        List<UserProperty> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(new UserProperty("name" + i, "v".repeat(length)));
        }
        return count == 0
                ? MessageProperties.NONE
                : new MessageProperties(
                        MessageProperties.ABSENT, MessageProperties.ABSENT, null, null, null, list);
    }

    @ParameterizedTest
    @CsvSource({
        "40000, plant/line#/value, 100, 0, 0",
        "40000, plant/site/area/line/cell#, 100, 0, 0",
        "2000, #/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a, 1, 0, 0",
        "1000, xxxxxxxxxx#, 1, 0, 0",
        "2000, plant/#, 10, 50, 20",
    })
    void retained(int count, String topic, int size, int properties, int length) {
        String[] topics = new String[count];
        for (int i = 0; i < count; i++) {
            topics[i] = topic.replace("#", Integer.toString(i)).replace("x", "x".repeat(1_000));
        }
        RawClient client = connected("c");
        byte[] payload = new byte[size];
        begin();
        for (int i = 0; i < count; i++) {
            client.send(
                    new Publish(
                            false,
                            Qos.AT_LEAST_ONCE,
                            true,
                            1 + i % WINDOW,
                            TopicName.of(topics[i]),
                            0,
                            properties(properties, length),
                            new int[0],
                            payload));
            if ((i + 1) % WINDOW == 0) {
                acknowledged(client, WINDOW);
            }
        }

        assertCounted(0.9, 2.2);
        assertThat(topics).hasSize(count);
    }

    private static void acknowledged(RawClient client, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(client.expect(PubAck.class).reasonCode().isError()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"2000, 1", "20, 500"})
    void sessions(int count, int subscriptions) {
        begin();
        for (int i = 0; i < count; i++) {
            try (RawClient client = connected(connect("session-" + i, false, 100_000, null))) {
                List<Subscribe.Entry> entries = new ArrayList<>();
                for (int s = 0; s < subscriptions; s++) {
                    entries.add(
                            new Subscribe.Entry(
                                    TopicFilter.of("plant/area/line" + i + "/" + s + "/#"),
                                    Qos.AT_LEAST_ONCE));
                }
                client.send(new Subscribe(1, 0, List.of(), entries));
                assertThat(client.expect(SubAck.class).reasonCodes())
                        .noneMatch(ReasonCode::isError);
            }
        }
        Await.until(() -> stats().sessions().offline() == count);

        // Levels that filters share are counted for each of them.
        assertCounted(0.9, 3.2);
    }

    @ParameterizedTest
    @CsvSource({"30000, 10", "30000, 100", "2000, 10000"})
    void queues(int count, int size) {
        try (RawClient client = connected(connect("sleeper", false, 100_000, null))) {
            client.send(subscribe("queue", Qos.AT_LEAST_ONCE));
            client.expect(SubAck.class);
        }
        Await.until(() -> stats().sessions().offline() == 1);
        RawClient publisher = connected("p");
        begin();
        for (int i = 0; i < count; i++) {
            publisher.send(publish("queue", "x".repeat(size), Qos.AT_LEAST_ONCE, 1 + i % WINDOW));
            if ((i + 1) % WINDOW == 0) {
                acknowledged(publisher, WINDOW);
            }
        }

        assertCounted(0.9, 2.2);
    }

    /** Their Packet Identifiers may be few and high, which takes most. */
    @ParameterizedTest
    @CsvSource({"2000, 1, 1", "1000, 1, 60000", "400, 20, 1"})
    void messagesThatWaitForPubRel(int count, int messages, int firstPacketId) {
        visit(count, client -> client.send(subscribe("t", Qos.AT_LEAST_ONCE)).expect(SubAck.class));
        long before = heap();
        visit(
                count,
                client ->
                        client.send(publish("none", "x", Qos.AT_LEAST_ONCE, 1))
                                .expect(PubAck.class));
        long clients = heap() - before; // what a visit leaves on this side
        begin();
        visit(
                count,
                client -> {
                    for (int m = 0; m < messages; m++) {
                        client.send(publish("none", "x", Qos.EXACTLY_ONCE, firstPacketId + m));
                        assertThat(client.expect(PubRec.class).reasonCode().isError()).isFalse();
                    }
                });

        heapBefore += clients;
        assertCounted(0.8, 2.2);
    }

    /** Each of so many clients comes, does something, and is away again. */
    private void visit(int count, Consumer<RawClient> action) {
        for (int i = 0; i < count; i++) {
            try (RawClient client = connected(connect("session-" + i, false, 100_000, null))) {
                action.accept(client);
            }
        }
        Await.until(() -> stats().sessions().offline() == count);
    }

    /** Of messages whose publishers were not answered when the server ended. */
    @ParameterizedTest
    @CsvSource({"20000, 1, 1", "5000, 4, 20"})
    void marks(int sessions, int messages, int receivers) {
        List<Unanswered> all = new ArrayList<>(sessions);
        heapBefore = heap();
        double counted = 0;
        for (int i = 0; i < sessions; i++) {
            Unanswered marks = new Unanswered();
            for (int m = 0; m < messages; m++) {
                marks.add(
                        0,
                        m,
                        new DeliveryMark(
                                0,
                                i,
                                m,
                                1_000 + m,
                                7,
                                new long[receivers],
                                List.of("$share/group" + i + "/plant/line" + m)));
            }
            counted += marks.bytes();
            all.add(marks);
        }

        double held = heap() - heapBefore;

        assertThat(counted / held).as("counted %.0f, held %.0f", counted, held).isBetween(0.8, 2.2);
        assertThat(all).hasSize(sessions);
    }

    @Test
    void connections() {
        begin();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            RawClient client = connected("client-" + i);
            client.send(PingReq.INSTANCE);
            assertThat(client.next(Duration.ofSeconds(10))).isInstanceOf(PingResp.class);
            clients.add(client);
        }

        // The clients' own side is in the same heap.
        assertCounted(0.4, 2.2);
        clients.forEach(RawClient::close);
    }
}
