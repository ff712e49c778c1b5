package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.Will;
import io.busbar.testkit.client.Packets;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.time.Await;
import java.io.IOException;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Wills: large, many, all at once, to where their clients may not publish. */
class AttackByWillTest extends UnderAttack {
    private static final int SESSIONS = 500;

    AttackByWillTest() {
        super(Map.of("max_sessions", SESSIONS));
    }

    static Will will(String topic, byte[] payload, long delaySeconds, boolean retain) {
        return new Will(
                TopicName.of(topic),
                payload,
                Qos.AT_LEAST_ONCE,
                retain,
                delaySeconds,
                MessageProperties.NONE);
    }

    private void cutOff(Socket socket) throws IOException {
        socket.getInputStream().readNBytes(4);
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Test
    void largeWillsThatWaitForEver_areBoundedByTheSessions() throws IOException {
        byte[] large = new byte[60_000];
        for (int i = 0; i < SESSIONS - 1; i++) {
            cutOff(
                    open(
                            Packets.bytes(
                                    ProtocolVersion.MQTT_5_0,
                                    connect(
                                            "attacker" + i,
                                            true,
                                            0xFFFF_FFFFL,
                                            will("w", large, 0xFFFF_FFFFL, false)))));
        }
        Await.until(() -> stats().sessions().offline() == SESSIONS - 1);
        served();
        Await.until(() -> stats().sessions().total() == SESSIONS - 1);
        connected("the last");

        RawClient more = socket().send(connect("more", true, 0, will("w", large, 0, false)));

        assertThat(more.expect(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(refusals(Rejection.Cause.TOO_MANY_SESSIONS)).isEqualTo(1);
        assertMemoryBelow(64);
    }

    @Test
    void willsOfAllAtOnce_reachWhoWatches_andOthersAreServed() throws IOException {
        RawClient watcher = subscribed("watcher", "will/+", Qos.AT_LEAST_ONCE);
        Socket[] sockets = new Socket[SESSIONS - 2];
        for (int i = 0; i < sockets.length; i++) {
            Will will = will("will/" + i, bytes("gone"), 0, false);
            sockets[i] =
                    open(
                            Packets.bytes(
                                    ProtocolVersion.MQTT_5_0, connect("dies" + i, true, 0, will)));
            sockets[i].getInputStream().readNBytes(4);
        }

        for (Socket socket : sockets) {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        Set<String> gone = new HashSet<>();
        for (int i = 0; i < sockets.length; i++) {
            gone.add(watcher.expect(Publish.class).topic().value());
        }
        assertThat(gone).hasSize(sockets.length);
        served();
        assertMemoryBelow(16);
    }

    @Test
    void willWhereItsClientMayNotPublish_isNotSent_norRetained() throws IOException {
        broker.running().access().publishing(topic -> !topic.startsWith("denied"));
        RawClient all = subscribed("all", "#", Qos.AT_MOST_ONCE);
        RawClient system = subscribed("system", "$SYS/#", Qos.AT_MOST_ONCE);
        List<String> topics = List.of("denied/a", "$SYS/broker/version", "$share/g/a");
        for (String topic : topics) {
            Will will = will(topic, bytes("gone"), 0, true);
            cutOff(open(Packets.bytes(ProtocolVersion.MQTT_5_0, connect("dies", true, 0, will))));
            Await.until(() -> stats().connections().online() == 2);
        }

        Await.until(() -> refusals(Rejection.Cause.WILL_DENIED) == topics.size());
        assertThat(stats().losses().denied()).isEqualTo(topics.size());
        assertThat(stats().messages().retained()).isZero();
        assertNothingComes(all);
        assertNothingComes(system);
    }

    @Test
    void willOfManyThousandLevels_isRefusedAtConnect() {
        RawClient client =
                socket().send(
                                connect(
                                        "c",
                                        true,
                                        0,
                                        will("/".repeat(60_000), bytes("x"), 0, false)));

        assertThat(client.expect(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
        client.expectClosed();
        assertThat(refusals(Rejection.Cause.TOPIC_TOO_DEEP)).isEqualTo(1);
        served();
    }
}
