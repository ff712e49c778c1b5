package io.busbar.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.Will;
import io.busbar.testkit.client.RawClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the chapters have in common: clients, and packets in few words. */
abstract class Conformance {
    static final ProtocolVersion V5 = ProtocolVersion.MQTT_5_0;
    static final ProtocolVersion V311 = ProtocolVersion.MQTT_3_1_1;
    static final int[] NONE = {};

    /** So long nothing has to come until a test believes that nothing comes. */
    private static final Duration QUIET = Duration.ofMillis(150);

    @RegisterExtension final Server server = new Server();

    /** Makes names of one run unlike those of another, for servers that remember. */
    private final String run = Long.toString(System.nanoTime() & 0xFFFF_FFFFFFL, 36);

    String id(String name) {
        return run + name;
    }

    String topic(String name) {
        return run + "/" + name;
    }

    // ---- connections

    static ConnectProperties expiry(long seconds) {
        return properties(seconds, 65_535, Packet.MAXIMUM_SIZE_BYTES);
    }

    static ConnectProperties properties(long expiry, int receiveMaximum, int maximumPacketSize) {
        return new ConnectProperties(
                expiry, receiveMaximum, maximumPacketSize, 0, false, true, List.of(), null, null);
    }

    Connect connect(
            ProtocolVersion version,
            String name,
            boolean clean,
            int keepAlive,
            @Nullable Will will,
            ConnectProperties properties) {
        return new Connect(version, clean, keepAlive, id(name), will, null, null, properties);
    }

    RawClient connected(ProtocolVersion version, String name) {
        return session(connect(version, name, true, 0, null, ConnectProperties.NONE), false);
    }

    /** Connects and checks Session Present. */
    RawClient session(Connect connect, boolean present) {
        RawClient client = server.open(connect.version()).send(connect);
        ConnAck answer = client.expect(ConnAck.class);
        assertThat(answer.reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(answer.sessionPresent()).isEqualTo(present);
        return client;
    }

    /** Connects with a session that stays, or comes back to it. */
    RawClient kept(ProtocolVersion version, String name, boolean present) {
        return session(
                connect(
                        version,
                        name,
                        false,
                        0,
                        null,
                        version == V5 ? expiry(120) : ConnectProperties.NONE),
                present);
    }

    /** Sends bytes written in hexadecimal. */
    static void hex(RawClient client, String bytes) {
        client.send(HexFormat.of().parseHex(bytes.replace(" ", "")));
    }

    /**
     * Expects DISCONNECT with the reason and no Session Expiry Interval, then nothing but the end.
     */
    static void expectDisconnect(RawClient client, ReasonCode reason) {
        Disconnect told = client.expect(Disconnect.class);
        assertThat(told.reasonCode()).isEqualTo(reason);
        assertThat(told.sessionExpiryIntervalSeconds()).isEqualTo(MessageProperties.ABSENT);
        expectEnd(client);
    }

    /** Expects that the server closes the connection and sends no packet before. */
    static void expectEnd(RawClient client) {
        assertThat(client.next(Duration.ofSeconds(5))).isNull();
        client.expectClosed();
    }

    static void expectNothing(RawClient client) {
        Packet packet = client.next(QUIET);
        assertThat(packet).isNull();
    }

    /** Nothing was on its way to the client: the answer to PINGREQ is what comes next. */
    static void fence(RawClient client) {
        client.send(PingReq.INSTANCE);
        client.expect(PingResp.class);
    }

    /**
     * Waits until the server's clock has moved on: a retained message that lives so long is gone.
     */
    void passSeconds(int seconds) {
        String clock = topic("clock");
        RawClient client = connected(V5, "clock");
        publish(
                client,
                message(
                        clock,
                        "tick",
                        Qos.AT_LEAST_ONCE,
                        9,
                        true,
                        new MessageProperties(
                                MessageProperties.ABSENT, seconds, null, null, null, List.of())));
        long deadline = System.nanoTime() + Duration.ofSeconds(seconds + 10).toNanos();
        while (System.nanoTime() < deadline) {
            // Subscribing again sends what is retained, as long as it is.
            subscribed(client, clock, Qos.AT_MOST_ONCE);
            client.send(PingReq.INSTANCE);
            if (client.next(Duration.ofSeconds(5)) instanceof PingResp) {
                client.close();
                return;
            }
            client.expect(PingResp.class);
        }
        throw new AssertionError("the retained message did not expire");
    }

    // ---- subscribing

    static Subscribe subscribe(String filter, Qos qos) {
        return subscribe(filter, qos, 0, false, false, RetainHandling.SEND);
    }

    static Subscribe subscribe(
            String filter,
            Qos qos,
            int identifier,
            boolean noLocal,
            boolean retainAsPublished,
            RetainHandling handling) {
        return new Subscribe(
                9,
                identifier,
                List.of(),
                List.of(
                        new Subscribe.Entry(
                                TopicFilter.of(filter),
                                qos,
                                noLocal,
                                retainAsPublished,
                                handling)));
    }

    static RawClient subscribed(RawClient client, Subscribe subscribe) {
        client.send(subscribe);
        SubAck answer = client.expect(SubAck.class);
        assertThat(answer.packetId()).isEqualTo(subscribe.packetId());
        assertThat(answer.reasonCodes()).noneMatch(ReasonCode::isError);
        return client;
    }

    static RawClient subscribed(RawClient client, String filter, Qos qos) {
        return subscribed(client, subscribe(filter, qos));
    }

    // ---- publishing

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(Publish publish) {
        return new String(publish.payload(), StandardCharsets.UTF_8);
    }

    static Publish message(String topic, String text, Qos qos, int packetId) {
        return message(topic, text, qos, packetId, false, MessageProperties.NONE);
    }

    static Publish message(
            String topic,
            String text,
            Qos qos,
            int packetId,
            boolean retain,
            MessageProperties properties) {
        return new Publish(
                false,
                qos,
                retain,
                packetId,
                TopicName.of(topic),
                0,
                properties,
                NONE,
                bytes(text));
    }

    /** Publishes and completes the exchange. */
    static void publish(RawClient client, Publish publish) {
        client.send(publish);
        int id = publish.packetId();
        if (publish.qos() == Qos.AT_LEAST_ONCE) {
            PubAck answer = client.expect(PubAck.class);
            assertThat(answer.packetId()).isEqualTo(id);
            assertThat(answer.reasonCode().isError()).isFalse();
        } else if (publish.qos() == Qos.EXACTLY_ONCE) {
            PubRec answer = client.expect(PubRec.class);
            assertThat(answer.packetId()).isEqualTo(id);
            assertThat(answer.reasonCode().isError()).isFalse();
            client.send(new PubRel(id, ReasonCode.SUCCESS));
            assertThat(client.expect(PubComp.class).packetId()).isEqualTo(id);
        }
    }

    /** Takes the next message and completes the exchange. */
    static Publish take(RawClient client) {
        Publish publish = client.expect(Publish.class);
        int id = publish.packetId();
        if (publish.qos() == Qos.AT_LEAST_ONCE) {
            client.send(new PubAck(id, ReasonCode.SUCCESS));
        } else if (publish.qos() == Qos.EXACTLY_ONCE) {
            client.send(new PubRec(id, ReasonCode.SUCCESS));
            assertThat(client.expect(PubRel.class).packetId()).isEqualTo(id);
            client.send(new PubComp(id, ReasonCode.SUCCESS));
        }
        return publish;
    }
}
