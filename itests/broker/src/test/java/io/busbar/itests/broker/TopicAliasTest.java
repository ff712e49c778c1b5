package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.testkit.client.RawClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TopicAliasTest {
    @RegisterExtension final BrokerExtension broker = new BrokerExtension();

    @Test // [MQTT5-3.1.2-26] [MQTT5-3.3.2-7]
    void aliases_towardsAClient_areUsedUpToItsMaximum() {
        RawClient client = broker.client(ProtocolVersion.MQTT_5_0);
        client.send(
                new Connect(
                        ProtocolVersion.MQTT_5_0,
                        true,
                        0,
                        "a",
                        null,
                        null,
                        null,
                        new ConnectProperties(
                                0, 65_535, 1 << 20, 1, false, true, List.of(), null, null)));
        client.expect(ConnAck.class);
        client.send(
                new Subscribe(
                        1,
                        7,
                        List.of(),
                        List.of(new Subscribe.Entry(TopicFilter.of("#"), Qos.AT_MOST_ONCE))));
        client.expect(SubAck.class);

        client.send(of("one"), of("one"), of("two"));

        Publish first = client.expect(Publish.class);
        assertThat(first.topic()).isEqualTo(TopicName.of("one"));
        assertThat(first.topicAlias()).isEqualTo(1);
        assertThat(first.subscriptionIdentifiers()).containsExactly(7);
        Publish second = client.expect(Publish.class);
        assertThat(second.topic()).isNull();
        assertThat(second.topicAlias()).isEqualTo(1);
        Publish third = client.expect(Publish.class);
        assertThat(third.topic()).isEqualTo(TopicName.of("two"));
        assertThat(third.topicAlias()).isZero();
    }

    private static Publish of(String topic) {
        return Publish.of(TopicName.of(topic), new byte[] {'x'}, Qos.AT_MOST_ONCE, false, 0);
    }
}
