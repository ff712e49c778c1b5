package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.spi.Permissions;
import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.SubAck;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a provider throws means no, and nothing but that. */
class FailingProviderTest extends BrokerFixture {
    static Stream<Throwable> thrown() {
        return Stream.of(
                new IllegalStateException("test"),
                new NoClassDefFoundError("test"),
                new StackOverflowError("test"),
                new AssertionError("test"));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    static RuntimeException fail(Throwable failure) {
        return FailingProviderTest.<RuntimeException>sneak(failure);
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void authenticator_thatFails_refuses(Throwable failure) {
        access.authenticating(
                request -> {
                    throw fail(failure);
                });

        assertThat(link().says(connect("c", true, 0)).next(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
        assertThat(broker.rejections().list().get(0).cause())
                .isEqualTo(Rejection.Cause.UNAVAILABLE);
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void permissions_thatFail_deny(Throwable failure) {
        FakeLink client = client("c");
        access.publishing(
                topic -> {
                    throw fail(failure);
                });
        access.subscribing(
                filter -> {
                    throw fail(failure);
                });

        client.says(publish("t", "x", Qos.AT_LEAST_ONCE, 1), subscribe("t", Qos.AT_MOST_ONCE));

        assertThat(client.next(PubAck.class).reasonCode()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(client.next(SubAck.class).reasonCodes())
                .containsExactly(ReasonCode.NOT_AUTHORIZED);
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void permissions_thatFailAtDelivery_denyIt_andOthersGetTheMessage(Throwable failure) {
        access.subscribing(filter -> Permissions.SubscribeDecision.FILTERED);
        FakeLink failing = subscriber("s", "t", Qos.AT_MOST_ONCE);
        access.subscribing(filter -> Permissions.SubscribeDecision.GRANTED);
        FakeLink other = subscriber("o", "t", Qos.AT_MOST_ONCE);
        access.receiving(
                topic -> {
                    throw fail(failure);
                });

        client("p").says(publish("t", "x", Qos.AT_MOST_ONCE, 0));

        assertThat(failing.texts()).isEmpty();
        assertThat(other.texts()).containsExactly("x");
    }
}
