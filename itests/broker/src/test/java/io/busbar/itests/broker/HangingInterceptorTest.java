package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.Publish;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.time.Await;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An interceptor that hangs keeps one event loop from serving, and that one alone. */
@Timeout(60)
class HangingInterceptorTest {
    @RegisterExtension
    final BrokerExtension broker = new BrokerExtension(Map.of("interceptor_timeout_ms", 250));

    private final Map<String, Thread> loops = new ConcurrentHashMap<>();
    private final CountDownLatch released = new CountDownLatch(1);

    private PublishVerdict hangOnRequest(Message message, PublishOrigin origin) {
        loops.put(message.publisher().clientId(), Thread.currentThread());
        if (new String(message.payload(), StandardCharsets.UTF_8).equals("hang")) {
            try {
                released.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
        return PublishVerdict.PASS;
    }

    private RawClient connected(String clientId) {
        RawClient client = broker.client(ProtocolVersion.MQTT_5_0);
        client.send(
                new Connect(
                        ProtocolVersion.MQTT_5_0,
                        true,
                        0,
                        clientId,
                        null,
                        null,
                        null,
                        ConnectProperties.NONE));
        assertThat(client.expect(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        return client;
    }

    private static RawClient publish(RawClient client, String topic, String text) {
        return client.send(
                Publish.of(
                        TopicName.of(topic),
                        text.getBytes(StandardCharsets.UTF_8),
                        Qos.AT_LEAST_ONCE,
                        false,
                        1));
    }

    private static ReasonCode answer(RawClient client) {
        return client.expect(PubAck.class).reasonCode();
    }

    private InterceptorView view() {
        return broker.running().broker().interceptors().get(0);
    }

    @Test
    void hanging_othersAreServed_andItsTopicsRefusedUntilItReturns() {
        broker.running()
                .broker()
                .interception()
                .bind(
                        this::hangOnRequest,
                        Map.of(
                                PublishInterceptor.BLOCKING,
                                false,
                                PublishInterceptor.TOPIC_FILTER,
                                "checked/#"));
        Map<String, RawClient> clients = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            RawClient client = connected("c" + i);
            clients.put("c" + i, client);
            publish(client, "checked/t", "well");
            assertThat(answer(client)).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        }
        RawClient stuck = clients.get("c0");
        RawClient other =
                clients.get(
                        loops.keySet().stream()
                                .filter(each -> loops.get(each) != loops.get("c0"))
                                .findFirst()
                                .orElseThrow());

        publish(stuck, "checked/t", "hang");
        Await.until(() -> view().state() == ProviderView.State.HANGS);

        publish(other, "checked/t", "well");
        assertThat(answer(other)).isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
        publish(other, "free", "well");
        assertThat(answer(other)).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        assertThat(broker.running().broker().rejections().list().get(0).cause())
                .isEqualTo(Rejection.Cause.INTERCEPTOR_FAILED);

        released.countDown();
        assertThat(answer(stuck)).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        Await.until(() -> view().state() == ProviderView.State.RESTS);
    }
}
