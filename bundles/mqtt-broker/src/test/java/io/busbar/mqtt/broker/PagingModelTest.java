package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.memory.ProcessMemory;
import io.busbar.mqtt.broker.limit.StoredLimits;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.storage.HeldStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random histories of one publisher, one subscriber that comes and goes, and a store whose commits
 * complete when they like, also after a crash: what the subscriber gets is checked against what the
 * specification promises.
 */
class PagingModelTest extends BrokerFixture {
    private static final int STEPS = 150;

    private HeldStore held = HeldStore.losing(new MemoryStore());
    private int window;
    private Random random = new Random(0);
    private Qos qos = Qos.AT_LEAST_ONCE;

    private FakeLink publisher;
    private FakeLink subscriber;
    private boolean connected;

    // What the publisher knows.
    private int published;
    private int lastPacketId;
    private final Queue<Integer> unacknowledged = new ArrayDeque<>();
    private final Set<Integer> promised = new HashSet<>();

    // What the subscriber knows; with QoS 2 it remembers identifiers, as it has to.
    private final Queue<Packet> toAnswer = new ArrayDeque<>();
    private final Set<Integer> inbound = new HashSet<>();
    private final TreeSet<Integer> got = new TreeSet<>();
    private final Set<Integer> acknowledged = new HashSet<>();
    private int lastOfConnection;
    private int lastNew;
    private boolean crashed;

    @BeforeEach
    @Override
    void startBroker() {}

    @Override
    StoredLimits stored() {
        return new StoredLimits(100_000, 1L << 30, window, 1 << 20);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, false, false", "1, 2, true, false", "1, 3, false, true", "1, 4, true, false",
        "2, 1, false, true", "2, 2, true, false", "2, 3, false, false", "2, 4, false, true",
    })
    void history_ofAnyKind(int level, int seed, boolean visible, boolean crashes) {
        for (int round = 0; round < 12; round++) {
            history(level, seed * 1_000 + round, visible, crashes);
        }
    }

    private void history(int level, long seed, boolean visible, boolean crashes) {
        random = new Random(seed);
        qos = Qos.of(level);
        window = new int[] {1, 2, 3, 8}[random.nextInt(4)];
        held =
                visible
                        ? HeldStore.visible(new MemoryStore(), Integer.MAX_VALUE)
                        : HeldStore.losing(new MemoryStore());
        store = held;
        forget();
        super.startBroker();
        publisher = client("p");
        subscriber = connected(subscriberConnect());
        subscriber.says(subscribe("t", qos)).next(SubAck.class);
        connected = true;

        for (int step = 0; step < STEPS; step++) {
            step(crashes);
            settle();
            look(seed);
        }
        finish(seed);
    }

    private void forget() {
        published = 0;
        lastPacketId = 0;
        unacknowledged.clear();
        promised.clear();
        toAnswer.clear();
        inbound.clear();
        got.clear();
        acknowledged.clear();
        lastOfConnection = -1;
        lastNew = -1;
        crashed = false;
    }

    private static Connect subscriberConnect(int receiveMaximum) {
        return connect(
                "s", false, null, properties(100_000, receiveMaximum, Packet.MAXIMUM_SIZE_BYTES));
    }

    private Connect subscriberConnect() {
        return subscriberConnect(1 + random.nextInt(4));
    }

    private void step(boolean crashes) {
        switch (random.nextInt(crashes ? 21 : 20)) {
            case 0, 1, 2, 3, 4, 5 -> {
                if (unacknowledged.size() < 15) {
                    lastPacketId = lastPacketId % 60_000 + 1;
                    unacknowledged.add(published);
                    publisher.sends(publish("t", "" + published, qos, lastPacketId));
                    published++;
                }
            }
            case 6, 7, 8, 9, 10 -> answer();
            case 11 -> held.hold(true);
            case 12 -> held.hold(false);
            case 13, 14, 15 -> held.release();
            case 16 -> {
                if (!subscriber.closed) {
                    subscriber.lose(random.nextBoolean());
                }
            }
            case 17, 18, 19 -> {
                if (subscriber.closed || random.nextInt(4) == 0) {
                    reconnect();
                }
            }
            default -> crash();
        }
    }

    private void answer() {
        Packet next = connected && !subscriber.closed ? toAnswer.poll() : null;
        if (next instanceof Publish publish && qos == Qos.AT_LEAST_ONCE) {
            acknowledged.add(number(publish));
            subscriber.sends(new PubAck(publish.packetId(), ReasonCode.SUCCESS));
        } else if (next instanceof Publish publish) {
            subscriber.sends(new PubRec(publish.packetId(), ReasonCode.SUCCESS));
        } else if (next instanceof PubRel release) {
            inbound.remove(release.packetId());
            subscriber.sends(new PubComp(release.packetId(), ReasonCode.SUCCESS));
        }
    }

    private void reconnect() {
        look(0);
        subscriber = random.nextBoolean() ? link() : linkOnOtherLoop();
        connected = false;
        toAnswer.clear();
        lastOfConnection = -1;
        subscriber.sends(subscriberConnect());
    }

    private void crash() {
        crashed = true;
        held.crash();
        broker = newBroker();
        bindProviders();
        unacknowledged.clear();
        publisher = client("p" + published);
        reconnect();
    }

    private static int number(Publish publish) {
        return Integer.parseInt(new String(publish.payload(), StandardCharsets.UTF_8));
    }

    /** What came is as it has to be. */
    private void look(long seed) {
        for (Packet packet; (packet = publisher.sent.poll()) != null; ) {
            if (packet instanceof PubAck) {
                promised.add(unacknowledged.remove());
            } else if (packet instanceof PubRec received) {
                promised.add(unacknowledged.remove());
                publisher.sends(new PubRel(received.packetId(), ReasonCode.SUCCESS));
            }
        }
        for (Packet packet; (packet = subscriber.sent.poll()) != null; ) {
            if (packet instanceof ConnAck answer) {
                assertThat(answer.reasonCode()).isEqualTo(ReasonCode.SUCCESS);
                assertThat(answer.sessionPresent()).isTrue();
                connected = true;
            } else if (packet instanceof Publish publish) {
                came(publish, seed);
                toAnswer.add(publish);
            } else if (packet instanceof PubRel) {
                toAnswer.add(packet);
            }
        }
    }

    private void came(Publish publish, long seed) {
        int number = number(publish);
        // In order [MQTT5-4.6.0-6], and never twice on one connection.
        assertThat(number).as("seed %d", seed).isGreaterThan(lastOfConnection);
        lastOfConnection = number;
        if (qos == Qos.EXACTLY_ONCE) {
            if (inbound.contains(publish.packetId())) {
                assertThat(publish.dup()).as("seed %d", seed).isTrue(); // [MQTT5-3.3.1-1]
                assertThat(got).as("seed %d", seed).contains(number);
                return;
            }
            inbound.add(publish.packetId());
            // Exactly once, whatever happened [MQTT5-4.3.3-1].
            assertThat(got.add(number)).as("seed %d: %d twice", seed, number).isTrue();
        } else if (!crashed) {
            // What was sent while the connection broke is new to the client, though sent again.
            if (publish.dup() && got.contains(number)) {
                assertThat(acknowledged).as("seed %d", seed).doesNotContain(number);
            } else {
                assertThat(number).as("seed %d", seed).isEqualTo(lastNew + 1);
            }
        }
        lastNew = Math.max(lastNew, number);
        got.add(number);
    }

    /** Everything becomes durable, and the subscriber takes what it gets. */
    private void finish(long seed) {
        held.hold(false);
        for (boolean more = true; more; ) {
            more = held.release();
            settle();
            look(seed);
        }
        if (subscriber.closed) {
            reconnect();
        }
        int idle = 0;
        while (idle < 4) {
            settle();
            look(seed);
            idle = toAnswer.isEmpty() ? idle + 1 : 0;
            while (!toAnswer.isEmpty()) {
                answer();
                settle();
                look(seed);
            }
            advance(300);
        }
        assertThat(got).as("seed %d", seed).containsAll(promised);
        if (!crashed) {
            assertThat(got).as("seed %d", seed).hasSize(published);
        }
        assertThat(broker.clients().session("s").orElseThrow().queued())
                .as("seed %d", seed)
                .isZero();
        assertThat(broker.stats().messages().queued()).as("seed %d", seed).isZero();
        assertThat(broker.stats().messages().inflight()).as("seed %d", seed).isZero();
        stopBroker();
        memory = new ProcessMemory(1L << 30, 1L << 30, Clock.systemUTC());
    }
}
