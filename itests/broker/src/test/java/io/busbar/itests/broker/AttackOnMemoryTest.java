package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.DropCause;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryUse;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.testkit.client.Packets;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.time.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Many clients that each stay within their own limits, and together ask for too much. */
class AttackOnMemoryTest extends UnderAttack {
    private static final long BUDGET = 24 * MEBIBYTE;
    private static final int SLEEPERS = 40;

    AttackOnMemoryTest() {
        super(Map.of(), BUDGET);
    }

    private MemoryUse direct() {
        return broker.running().memory().use(MemoryArea.DIRECT);
    }

    private static byte[] loginAndSubscribe(String filter) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(Packets.bytes(ProtocolVersion.MQTT_5_0, connect("")));
        bytes.writeBytes(Packets.bytes(ProtocolVersion.MQTT_5_0, subscribe(filter)));
        return bytes.toByteArray();
    }

    @Test
    void sleepingSubscribers_fillNoMoreThanTheBudget_andOthersAreServed() throws IOException {
        List<Socket> sleepers = open(SLEEPERS, loginAndSubscribe("#"));
        Await.until(() -> stats().subscriptions().total() == SLEEPERS);
        RawClient publisher = connected("publisher");
        long peak = 0;
        for (String text : List.of("x".repeat(1_000), "x".repeat(10_000), "x".repeat(100_000))) {
            for (int i = 0; i < 8_000_000 / text.length(); i++) {
                publisher.send(publish("flood", text, Qos.AT_MOST_ONCE, 0));
            }
            publisher.send(PingReq.INSTANCE);
            assertThat(publisher.next(Duration.ofSeconds(40))).isInstanceOf(PingResp.class);
            peak = Math.max(peak, direct().usedBytes());
            served();
        }

        assertThat(peak).as("bytes that wait").isBetween(BUDGET / 3, BUDGET);
        assertThat(stats().losses().drops().get(DropCause.MEMORY_FULL)).isPositive();
        assertThat(broker.running().memory().shortages())
                .anyMatch(shortage -> shortage.area() == MemoryArea.DIRECT);
        for (Socket sleeper : sleepers) {
            sleeper.close();
        }
        Await.until(() -> direct().usedBytes() == 0);
    }

    @Test
    void packetsThatNeverEnd_leaveRoomForThoseThatDo() throws IOException {
        byte[] login = Packets.bytes(ProtocolVersion.MQTT_5_0, connect(""));
        byte[] begun = new byte[1_000_000];
        System.arraycopy(hex("30 a0 9f fa 01 00 01 61 00"), 0, begun, 0, 9);
        List<Socket> attackers = open(40, login);
        for (Socket attacker : attackers) {
            try {
                attacker.getOutputStream().write(begun);
            } catch (IOException ignored) {
                // Refused and cut off.
            }
        }
        served();
        RawClient publisher = subscribed("innocent", "large", Qos.AT_MOST_ONCE);
        publisher.send(publish("large", "x".repeat(200_000), Qos.AT_MOST_ONCE, 0));

        Packet answer = publisher.next(Duration.ofSeconds(20));

        assertThat(answer).isNotInstanceOf(Disconnect.class).isNotNull();
        assertThat(direct().usedBytes()).isLessThan(BUDGET);
        for (Socket attacker : attackers) {
            attacker.close();
        }
        Await.until(() -> direct().usedBytes() == 0);
    }
}
