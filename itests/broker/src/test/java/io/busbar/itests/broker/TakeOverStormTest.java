package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.testkit.client.RawClient;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One Client Identifier fought over on several loops: nobody hangs, nothing of QoS 1 is lost, order
 * is kept.
 */
class TakeOverStormTest {
    private static final int MESSAGES = 2_000;

    @RegisterExtension final BrokerExtension broker = new BrokerExtension();

    private static Connect connect(String id, boolean clean) {
        return new Connect(
                ProtocolVersion.MQTT_5_0,
                clean,
                0,
                id,
                null,
                null,
                null,
                new ConnectProperties(
                        1_000, 65_535, 1 << 20, 0, false, true, List.of(), null, null));
    }

    @Test
    void takeOvers_whileMessagesArrive_loseNothing() throws InterruptedException {
        RawClient first = broker.client(ProtocolVersion.MQTT_5_0).send(connect("fought", false));
        first.expect(ConnAck.class);
        first.send(
                new Subscribe(
                        1,
                        0,
                        List.of(),
                        List.of(new Subscribe.Entry(TopicFilter.of("n"), Qos.AT_LEAST_ONCE))));
        first.expect(SubAck.class);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> fighters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread fighter =
                    new Thread(
                            () -> {
                                while (!stop.get()) {
                                    fight(failure);
                                }
                            });
            fighters.add(fighter);
            fighter.start();
        }
        RawClient publisher = broker.client(ProtocolVersion.MQTT_5_0).send(connect("p", true));
        publisher.expect(ConnAck.class);
        for (int i = 0; i < MESSAGES; i++) {
            publisher.send(
                    Publish.of(
                            TopicName.of("n"),
                            Integer.toString(i).getBytes(StandardCharsets.UTF_8),
                            Qos.AT_LEAST_ONCE,
                            false,
                            1 + i % 60_000));
            assertThat(publisher.expect(PubAck.class).reasonCode().isError()).isFalse();
        }
        stop.set(true);
        for (Thread fighter : fighters) {
            fighter.join(10_000);
        }
        assertThat(failure.get()).isNull();

        RawClient last = broker.client(ProtocolVersion.MQTT_5_0).send(connect("fought", false));
        ConnAck answer = last.expect(ConnAck.class);

        assertThat(answer.reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(answer.sessionPresent()).isTrue();
        for (int i = 0; i < MESSAGES; i++) {
            Publish next = last.expect(Publish.class);
            assertThat(new String(next.payload(), StandardCharsets.UTF_8))
                    .isEqualTo(Integer.toString(i));
            last.send(new PubAck(next.packetId(), ReasonCode.SUCCESS));
        }
        assertThat(broker.running().broker().clients().sessions())
                .filteredOn(session -> session.clientId().equals("fought"))
                .hasSize(1);
    }

    /** Takes the session, acknowledges nothing, and is thrown out or leaves. */
    private void fight(AtomicReference<Throwable> failure) {
        try (RawClient fighter = RawClient.to(broker.running().port(), ProtocolVersion.MQTT_5_0)) {
            fighter.send(connect("fought", false));
            Packet answer = fighter.next(Duration.ofSeconds(5));
            if (answer == null) {
                failure.compareAndSet(null, new AssertionError("no answer to CONNECT"));
            }
        } catch (UncheckedIOException ignored) {
            // Thrown out while it was sending: that is the fight.
        } catch (RuntimeException | AssertionError unexpected) {
            failure.compareAndSet(null, unexpected);
        }
    }
}
