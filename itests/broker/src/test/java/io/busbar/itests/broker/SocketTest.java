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
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.testkit.client.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The broker over real sockets: what simulated links cannot show. */
class SocketTest {
    @RegisterExtension final BrokerExtension broker = new BrokerExtension();

    private static Connect connect(ProtocolVersion version, String clientId) {
        return new Connect(version, true, 30, clientId, null, null, null, ConnectProperties.NONE);
    }

    private RawClient connected(ProtocolVersion version, String clientId) {
        RawClient client = broker.client(version).send(connect(version, clientId));
        assertThat(client.expect(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        return client;
    }

    private RawClient subscriber(ProtocolVersion version, String filter, Qos qos) {
        RawClient client = connected(version, "sub");
        client.send(
                new Subscribe(
                        1,
                        0,
                        List.of(),
                        List.of(new Subscribe.Entry(TopicFilter.of(filter), qos))));
        client.expect(SubAck.class);
        return client;
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void publish_reachesASubscriber(ProtocolVersion version) {
        RawClient subscriber = subscriber(version, "a/+", Qos.AT_LEAST_ONCE);
        RawClient publisher = connected(version, "pub");

        publisher.send(
                Publish.of(
                        TopicName.of("a/b"),
                        "x".getBytes(StandardCharsets.UTF_8),
                        Qos.AT_LEAST_ONCE,
                        false,
                        1));

        assertThat(publisher.expect(PubAck.class).packetId()).isEqualTo(1);
        assertThat(subscriber.expect(Publish.class).topic()).isEqualTo(TopicName.of("a/b"));
    }

    @Test // [MQTT5-3.2.0-1]
    void packets_sentTogetherWithConnect_areHandledAfterIt() {
        RawClient client = broker.client(ProtocolVersion.MQTT_5_0);

        client.send(connect(ProtocolVersion.MQTT_5_0, "early"), PingReq.INSTANCE, PingReq.INSTANCE);

        client.expect(ConnAck.class);
        client.expect(PingResp.class);
        client.expect(PingResp.class);
    }

    @Test // [MQTT5-3.1.2-2]
    void protocolLevel_unknown_isRefused() {
        RawClient client = broker.client(ProtocolVersion.MQTT_3_1_1);

        client.send(new byte[] {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 2, 2, 0, 10, 0, 1, 'a'});

        assertThat(client.expect(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
        client.expectClosed();
    }

    @Test // [MQTT5-4.13.1-1]
    void malformedPacket_isAnsweredAndClosed_andTheBrokerServesOn() {
        RawClient client = connected(ProtocolVersion.MQTT_5_0, "bad");

        client.send(new byte[] {(byte) 0xF7, 0});

        assertThat(client.expect(Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.MALFORMED_PACKET);
        client.expectClosed();
        connected(ProtocolVersion.MQTT_5_0, "good");
    }

    @Test
    void messages_ofOneTopic_arriveInOrder_fromManyAtOnce() {
        int count = 20_000;
        RawClient subscriber = subscriber(ProtocolVersion.MQTT_3_1_1, "n", Qos.AT_MOST_ONCE);
        RawClient publisher = connected(ProtocolVersion.MQTT_3_1_1, "pub");
        Packet[] all = new Packet[count];
        for (int i = 0; i < count; i++) {
            all[i] =
                    Publish.of(
                            TopicName.of("n"),
                            Integer.toString(i).getBytes(StandardCharsets.UTF_8),
                            Qos.AT_MOST_ONCE,
                            false,
                            0);
        }

        publisher.send(all);

        for (int i = 0; i < count; i++) {
            assertThat(
                            new String(
                                    subscriber.expect(Publish.class).payload(),
                                    StandardCharsets.UTF_8))
                    .isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void stop_tellsClients() {
        RawClient client = connected(ProtocolVersion.MQTT_5_0, "a");

        broker.running().broker().close();

        assertThat(client.expect(Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.SERVER_SHUTTING_DOWN);
        client.expectClosed();
    }
}
