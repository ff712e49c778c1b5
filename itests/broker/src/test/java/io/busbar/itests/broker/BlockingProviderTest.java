package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.broker.ProviderView;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A careless provider whose logins take 20 s, as many as there are event loops. */
@Timeout(60)
class BlockingProviderTest {
    private static final int BYSTANDERS = 8;

    @RegisterExtension
    final BrokerExtension broker = new BrokerExtension(Map.of("authentication_timeout_ms", 2_000));

    private final AtomicInteger inside = new AtomicInteger();
    private final CountDownLatch released = new CountDownLatch(1);

    /** Says nothing about blocking, as somebody who never thought about it. */
    private final class Careless implements Authenticator {
        @Override
        public String name() {
            return "careless";
        }

        @Override
        public CompletionStage<AuthResult> authenticate(ConnectRequest request) {
            if ("slow".equals(request.username())) {
                inside.incrementAndGet();
                try {
                    released.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                } finally {
                    inside.decrementAndGet();
                }
            }
            return CompletableFuture.completedFuture(AuthResult.ABSTAIN);
        }
    }

    @AfterEach
    void release() {
        released.countDown();
    }

    private RawClient connecting(String clientId, String username) {
        RawClient client = broker.client(ProtocolVersion.MQTT_5_0);
        client.send(
                new Connect(
                        ProtocolVersion.MQTT_5_0,
                        true,
                        0,
                        clientId,
                        null,
                        username,
                        "secret".getBytes(StandardCharsets.US_ASCII),
                        ConnectProperties.NONE));
        return client;
    }

    private static void served(RawClient client) {
        client.send(Publish.of(TopicName.of("t"), new byte[] {'x'}, Qos.AT_LEAST_ONCE, false, 1));
        assertThat(client.expect(PubAck.class).reasonCode())
                .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
    }

    @Test
    void loginsThatBlock_everybodyElseIsServedMeanwhile() {
        broker.running()
                .broker()
                .gate()
                .authenticators()
                .bind(new Careless(), Map.of("service.ranking", 100, "component.name", "careless"));
        List<RawClient> bystanders = new ArrayList<>();
        for (int i = 0; i < BYSTANDERS; i++) {
            RawClient client = connecting("b" + i, "fast");
            assertThat(client.expect(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
            bystanders.add(client);
        }

        RawClient slow1 = connecting("s1", "slow");
        RawClient slow2 = connecting("s2", "slow");
        Await.until(() -> inside.get() == 2);

        // While both logins hang.
        bystanders.forEach(BlockingProviderTest::served);
        assertThat(connecting("new", "fast").expect(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.SUCCESS);
        assertThat(slow1.expect(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
        assertThat(slow2.expect(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
        // Interrupted long before its 20 s, so it can be asked again.
        Await.until(() -> inside.get() == 0);
        Await.until(
                () ->
                        broker.running().broker().providers().get(0).state()
                                == ProviderView.State.ASKED);
        bystanders.forEach(BlockingProviderTest::served);
    }
}
