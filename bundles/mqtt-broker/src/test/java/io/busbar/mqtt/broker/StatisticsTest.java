package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.BrokerStats;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.SessionView;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.testkit.access.ScriptedAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The figures that loops count while they work are those that a walk over all sessions and
 * connections finds, whatever has happened.
 */
class StatisticsTest extends BrokerFixture {
    private static final int CLIENTS = 12;
    private static final int STEPS = 2_000;
    private static final int CHECK_EVERY = 20;
    private static final String[] FILTERS = {
        "a/#", "a/+", "b/1", "$share/g/a/#", "$share/g/b/+", "$share/h/a/1"
    };
    private static final long[] EXPIRIES = {0, 1, 5, 3_600, 0xFFFF_FFFFL};
    private static final Qos[] QOS = Qos.values();

    /** All that this broker ever had. */
    private final List<FakeLink> everyLink = new ArrayList<>();

    private final FakeLink[] links = new FakeLink[CLIENTS];
    private Random random = new Random(0);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void afterAStorm_theRunningFiguresAreThoseOfAWalk(long seed) {
        random = new Random(seed);
        long queued = 0;
        long inflight = 0;
        long offline = 0;

        for (int step = 0; step < STEPS; step++) {
            somethingHappens();
            if (step % CHECK_EVERY == 0) {
                settle();
                BrokerStats.Messages walked = walkMessages();
                BrokerStats stats = broker.stats();
                assertThat(stats.messages()).as("step %d", step).isEqualTo(walked);
                assertThat(stats.sessions().offline())
                        .as("step %d", step)
                        .isEqualTo(
                                broker.clients().sessions().stream()
                                        .filter(session -> !session.online())
                                        .count());
                assertThat(stats.traffic().bytes()).as("step %d", step).isEqualTo(walkBytes());
                queued = Math.max(queued, walked.queued());
                inflight = Math.max(inflight, walked.inflight());
                offline = Math.max(offline, stats.sessions().offline());
            }
        }

        assertThat(List.of(queued, inflight, offline)).as("the storm").allMatch(most -> most > 3);
        assertThat(broker.stats().losses().dropped()).as("drops").isPositive();
        endAll();
        assertThat(broker.stats().messages()).isEqualTo(new BrokerStats.Messages(0, 0, 0));
        assertThat(broker.stats().sessions().offline()).isZero();
    }

    private BrokerStats.Messages walkMessages() {
        long queued = 0;
        long inflight = 0;
        for (ClientView client : broker.clients().list()) {
            queued += client.queued();
            inflight += client.inflight();
        }
        for (SessionView session : broker.clients().sessions()) {
            if (!session.online()) {
                queued += session.queued();
            }
        }
        return new BrokerStats.Messages(0, queued, inflight);
    }

    private BrokerStats.Flow walkBytes() {
        return new BrokerStats.Flow(
                everyLink.stream().mapToLong(link -> link.bytesIn).sum(),
                everyLink.stream().mapToLong(link -> link.bytesOut).sum());
    }

    private void endAll() {
        for (int i = 0; i < CLIENTS; i++) {
            broker.clients()
                    .disconnectAll(
                            "test:", ReasonCode.ADMINISTRATIVE_ACTION, "", true, Actor.SERVER);
            settle();
        }
    }

    private void somethingHappens() {
        int client = random.nextInt(CLIENTS);
        FakeLink link = links[client];
        if (link == null || link.closed) {
            connect(client);
            return;
        }
        switch (random.nextInt(16)) {
            case 0 -> connect(client); // takes over, perhaps from another loop
            case 1 -> link.lose();
            case 2 ->
                    link.says(
                            random.nextBoolean()
                                    ? Disconnect.NORMAL
                                    : new Disconnect(
                                            ReasonCode.SUCCESS,
                                            EXPIRIES[random.nextInt(EXPIRIES.length)],
                                            ReasonDetails.NONE,
                                            null));
            case 3 -> link.writable(random.nextInt(3) > 0);
            case 4, 5 ->
                    link.says(
                            subscribe(
                                    FILTERS[random.nextInt(FILTERS.length)],
                                    QOS[random.nextInt(3)]));
            case 6 -> advance(random.nextInt(2_000));
            case 7 -> rarely();
            case 8, 9, 10 -> answer(link);
            default -> publish(link);
        }
    }

    private void rarely() {
        switch (random.nextInt(20)) {
            case 0 -> endAll();
            case 1 -> restart();
            default -> {
                access.receiving(
                        random.nextInt(4) == 0 ? topic -> topic.startsWith("b") : topic -> true);
                broker.clients().update(ScriptedAccess.principal("", 0), Actor.SERVER);
            }
        }
    }

    private void connect(int client) {
        FakeLink link = random.nextBoolean() ? link() : linkOnOtherLoop();
        links[client] = link;
        everyLink.add(link);
        link.says(
                connect(
                        "c" + client,
                        random.nextInt(6) == 0,
                        random.nextInt(4) == 0 ? will("a/1", random.nextInt(3)) : null,
                        properties(
                                EXPIRIES[random.nextInt(EXPIRIES.length)],
                                1 + random.nextInt(5),
                                random.nextInt(3) == 0 ? 60 : Packet.MAXIMUM_SIZE_BYTES)));
    }

    private void publish(FakeLink link) {
        Qos qos = QOS[random.nextInt(3)];
        String topic = (random.nextBoolean() ? "a/" : "b/") + random.nextInt(3);
        for (int i = random.nextInt(4); i >= 0; i--) {
            link.says(
                    new Publish(
                            false,
                            qos,
                            false,
                            qos == Qos.AT_MOST_ONCE ? 0 : 1 + random.nextInt(1_000),
                            TopicName.of(topic),
                            0,
                            new MessageProperties(
                                    MessageProperties.ABSENT,
                                    random.nextInt(4) == 0 ? 1 : MessageProperties.ABSENT,
                                    null,
                                    null,
                                    null,
                                    List.of()),
                            NONE,
                            new byte[random.nextInt(4) == 0 ? 200 : 1]));
        }
    }

    /** The client answers some of what it was sent. */
    private void answer(FakeLink link) {
        List<Packet> answers = new ArrayList<>();
        for (Packet packet; (packet = link.sent.poll()) != null; ) {
            if (packet instanceof PubRel release) {
                answers.add(new PubComp(release.packetId(), ReasonCode.SUCCESS));
            } else if (packet instanceof Publish publish && random.nextInt(5) > 0) {
                if (publish.qos() == Qos.AT_LEAST_ONCE) {
                    answers.add(new PubAck(publish.packetId(), ReasonCode.SUCCESS));
                } else if (publish.qos() == Qos.EXACTLY_ONCE) {
                    answers.add(
                            new PubRec(
                                    publish.packetId(),
                                    random.nextInt(5) == 0
                                            ? ReasonCode.QUOTA_EXCEEDED
                                            : ReasonCode.SUCCESS));
                }
            }
        }
        link.says(answers.toArray(Packet[]::new));
    }

    /** The broker comes back with what its store kept. */
    private void restart() {
        settle();
        for (FakeLink link : links) {
            if (link != null) {
                link.closed = true;
            }
        }
        everyLink.clear();
        broker.events().close();
        broker.consumers().close();
        home = new ManualEventLoop(loops, -1);
        broker = newBroker();
        bindProviders();
    }
}
