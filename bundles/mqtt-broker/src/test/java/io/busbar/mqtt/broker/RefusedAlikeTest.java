package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A refusal takes the work of every authenticator and is counted by every one, whoever knows the
 * name. What is counted here is work, not time.
 */
class RefusedAlikeTest extends BrokerFixture {
    private final OneUser first = new OneUser("first", "ada");
    private final OneUser second = new OneUser("second", "bob");

    @Override
    void bindProviders() {
        broker.gate().authenticators().bind(first, ranking(2));
        broker.gate().authenticators().bind(second, ranking(1));
        broker.gate().authorizers().bind(access, ON_LOOP);
    }

    private static Map<String, Object> ranking(int ranking) {
        return Map.of("service.ranking", ranking, Authenticator.BLOCKING, false);
    }

    /**
     * Has one user, whose password is "right"; verifying one is work, for nobody's name as well.
     */
    private static final class OneUser implements Authenticator {
        private final String provider;
        private final String user;
        private final List<String> passwordsWorkedOn = new ArrayList<>();
        private int counted;
        private @Nullable CompletableFuture<Void> working;

        OneUser(String provider, String user) {
            this.provider = provider;
            this.user = user;
        }

        @Override
        public String name() {
            return provider;
        }

        @Override
        public CompletionStage<AuthResult> authenticate(ConnectRequest request) {
            String password = work(request);
            if (!user.equals(request.username())) {
                return CompletableFuture.completedFuture(AuthResult.ABSTAIN);
            }
            if (password.equals("right")) {
                Principal principal = new Principal(user, provider, user, user, AclRule.DEFAULT, 0);
                return CompletableFuture.completedFuture(new AuthResult.Granted(principal));
            }
            if (password.equals("disabled")) {
                return CompletableFuture.completedFuture(
                        new AuthResult.Refused(Cause.DISABLED, user, null));
            }
            counted++;
            return CompletableFuture.completedFuture(
                    new AuthResult.Refused(Cause.WRONG_PASSWORD, user, null));
        }

        @Override
        public CompletionStage<Void> refused(ConnectRequest request, boolean asked) {
            if (!asked) {
                work(request);
            }
            counted++;
            CompletableFuture<Void> held = working;
            return held == null ? CompletableFuture.completedFuture(null) : held;
        }

        private String work(ConnectRequest request) {
            String password = new String(request.password(), StandardCharsets.UTF_8);
            passwordsWorkedOn.add(password);
            return password;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada", "bob", "nobody"})
    void wrongPassword_isWorkedOnAndCountedOnceByEach(String username) {
        assertThat(connect(username, "wrong").next(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.NOT_AUTHORIZED);

        assertThat(first.passwordsWorkedOn).containsExactly("wrong");
        assertThat(second.passwordsWorkedOn).containsExactly("wrong");
        assertThat(first.counted).isEqualTo(1);
        assertThat(second.counted).isEqualTo(1);
    }

    /** Or all clients of the second would be guesses to the first. */
    @ParameterizedTest
    @ValueSource(strings = {"ada", "bob"})
    void rightPassword_isCountedByNobody(String username) {
        assertThat(connect(username, "right").next(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.SUCCESS);

        assertThat(first.counted).isZero();
        assertThat(second.counted).isZero();
    }

    @Test
    void refusalAfterTheRightPassword_isNoGuess() {
        connect("ada", "disabled");

        assertThat(second.passwordsWorkedOn).isEmpty();
        assertThat(first.counted + second.counted).isZero();
    }

    @Test
    void answer_waitsForTheWorkOfTheOthers() {
        second.working = new CompletableFuture<>();
        FakeLink link = connect("ada", "wrong");
        settle();
        assertThat(link.closed).isFalse();

        second.working.complete(null);
        settle();

        assertThat(link.next(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    /** As it is for a name of nobody. */
    @Test
    void workThatFails_makesTheClientUnavailable() {
        second.working = CompletableFuture.failedFuture(new IllegalStateException("broken"));

        assertThat(connect("ada", "wrong").next(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
    }

    private FakeLink connect(String username, String password) {
        return link().says(
                        new Connect(
                                ProtocolVersion.MQTT_5_0,
                                true,
                                0,
                                "c",
                                null,
                                username,
                                bytes(password),
                                properties(0, 65_535, 1 << 20)));
    }
}
