package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.EnhancedAuthenticator;
import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.Auth;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.testkit.access.ScriptedAccess;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Section 4.12: a method that asks for one answer and takes {@code open sesame}. */
class EnhancedAuthenticationTest extends BrokerFixture {
    private static final String METHOD = "RIDDLE";

    private final Riddle riddle = new Riddle();

    @BeforeEach
    void bind() {
        broker.gate().enhancedAuthenticators().bind(riddle, ON_LOOP);
    }

    @Test // [MQTT5-3.15.2-1] [MQTT5-4.12.0-2] [MQTT5-4.12.0-3] [MQTT5-4.12.0-5]
    void connect_withTheRightAnswer_isWelcomedWithMethodAndData() {
        FakeLink link = link().says(connect(METHOD, "hello"));
        Auth question = link.next(Auth.class);
        assertThat(question.reasonCode()).isEqualTo(ReasonCode.CONTINUE_AUTHENTICATION);
        assertThat(question.authenticationMethod()).isEqualTo(METHOD);
        assertThat(question.authenticationData()).isEqualTo(bytes("who?"));

        link.says(auth(ReasonCode.CONTINUE_AUTHENTICATION, METHOD, "open sesame"));

        ConnAck answer = link.next(ConnAck.class);
        assertThat(answer.reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(answer.properties().authenticationMethod()).isEqualTo(METHOD);
        assertThat(answer.properties().authenticationData()).isEqualTo(bytes("come in"));
        assertThat(broker.clients().get("a").orElseThrow().principal().username()).isEqualTo("ali");
        assertThat(riddle.open).isZero();
    }

    @Test // [MQTT5-4.12.0-4]
    void connect_withAWrongAnswer_isRefused() {
        FakeLink link = asked();

        link.says(auth(ReasonCode.CONTINUE_AUTHENTICATION, METHOD, "let me in"));

        refused(link, ReasonCode.NOT_AUTHORIZED);
        assertThat(broker.rejections().list().get(0).cause())
                .isEqualTo(Rejection.Cause.WRONG_PASSWORD);
    }

    @Test // [MQTT5-4.12.0-1]
    void connect_withAMethodThatNobodyKnows_isRefused() {
        FakeLink link = link().says(connect("KERBEROS", "hello"));

        refused(link, ReasonCode.BAD_AUTHENTICATION_METHOD);
    }

    @Test // [MQTT5-4.12.0-6]
    void connect_withoutAMethod_getsNone() {
        FakeLink link = link().says(connect("a", true, 0));

        assertThat(link.next(ConnAck.class).properties().authenticationMethod()).isNull();
    }

    @Test // [MQTT5-3.1.2-30]
    void otherPacket_beforeTheEnd_isAProtocolError() {
        FakeLink link = asked();

        link.says(PingReq.INSTANCE);

        refused(link, ReasonCode.PROTOCOL_ERROR);
        assertThat(riddle.open).isZero();
    }

    @Test // [MQTT5-3.1.2-30]
    void disconnect_beforeTheEnd_closes() {
        FakeLink link = asked();

        link.says(Disconnect.NORMAL);

        assertThat(link.closed).isTrue();
        assertThat(riddle.open).isZero();
    }

    @Test // [MQTT5-4.12.0-5]
    void otherMethod_inTheExchange_isRefused() {
        FakeLink link = asked();

        link.says(auth(ReasonCode.CONTINUE_AUTHENTICATION, "OTHER", "open sesame"));

        refused(link, ReasonCode.BAD_AUTHENTICATION_METHOD);
    }

    @Test
    void reasonThatDoesNotContinue_inTheExchange_isAProtocolError() {
        FakeLink link = asked();

        link.says(auth(ReasonCode.SUCCESS, METHOD, "open sesame"));

        refused(link, ReasonCode.PROTOCOL_ERROR);
    }

    @Test
    void clientThatDoesNotAnswer_isRefusedInTime() {
        FakeLink link = asked();

        advance(6_000);

        refused(link, ReasonCode.NOT_AUTHORIZED);
        assertThat(riddle.open).isZero();
    }

    @Test
    void providerThatDoesNotAnswer_isRefusedInTime_andItsLateAnswerIsIgnored() {
        CompletableFuture<EnhancedAuthenticator.Step> late = new CompletableFuture<>();
        riddle.steps = data -> late;
        FakeLink link = link().says(connect(METHOD, "hello"));

        advance(6_000);
        late.complete(riddle.welcome());
        advance(1);

        refused(link, ReasonCode.SERVER_UNAVAILABLE);
        assertThat(broker.clients().list()).isEmpty();
    }

    @Test
    void providerThatThrows_isRefused() {
        riddle.steps =
                data -> {
                    throw new NoClassDefFoundError("gone");
                };

        refused(link().says(connect(METHOD, "hello")), ReasonCode.SERVER_UNAVAILABLE);
    }

    @Test // [MQTT5-3.2.0-1]
    void packets_whileTheProviderThinks_waitForConnack() {
        CompletableFuture<EnhancedAuthenticator.Step> answer = new CompletableFuture<>();
        FakeLink link = asked();
        riddle.steps = data -> answer;
        link.says(
                auth(ReasonCode.CONTINUE_AUTHENTICATION, METHOD, "open sesame"), PingReq.INSTANCE);
        assertThat(link.sent).isEmpty();

        answer.complete(riddle.welcome());
        advance(1);

        link.next(ConnAck.class);
        link.next(PingResp.class);
    }

    @Test // [MQTT5-4.12.1-1]
    void again_withTheRightAnswer_isToldSo_andTrafficGoesOn() {
        FakeLink link = welcomed();
        link.says(auth(ReasonCode.REAUTHENTICATE, METHOD, "hello again"));
        link.next(Auth.class);
        link.says(PingReq.INSTANCE);
        link.next(PingResp.class);

        link.says(auth(ReasonCode.CONTINUE_AUTHENTICATION, METHOD, "open sesame"));

        Auth answer = link.next(Auth.class);
        assertThat(answer.reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(answer.authenticationMethod()).isEqualTo(METHOD);
        assertThat(answer.authenticationData()).isEqualTo(bytes("come in"));
        assertThat(link.closed).isFalse();
    }

    @Test // [MQTT5-4.12.1-2]
    void again_withAWrongAnswer_isDisconnected() {
        FakeLink link = welcomed();
        link.says(auth(ReasonCode.REAUTHENTICATE, METHOD, "hello again"));
        link.next(Auth.class);

        link.says(auth(ReasonCode.CONTINUE_AUTHENTICATION, METHOD, "let me in"));

        disconnected(link, ReasonCode.NOT_AUTHORIZED);
    }

    @Test
    void again_asSomebodyElse_isDisconnected() {
        FakeLink link = welcomed();
        riddle.who = "baba";
        link.says(auth(ReasonCode.REAUTHENTICATE, METHOD, "hello again"));
        link.next(Auth.class);

        link.says(auth(ReasonCode.CONTINUE_AUTHENTICATION, METHOD, "open sesame"));

        disconnected(link, ReasonCode.NOT_AUTHORIZED);
    }

    @Test // [MQTT5-4.12.1-1]
    void again_withAnotherMethod_isDisconnected() {
        FakeLink link = welcomed();

        link.says(auth(ReasonCode.REAUTHENTICATE, "OTHER", "hello again"));

        disconnected(link, ReasonCode.PROTOCOL_ERROR);
    }

    @Test
    void again_whileItIsGoingOn_isAProtocolError() {
        FakeLink link = welcomed();
        link.says(auth(ReasonCode.REAUTHENTICATE, METHOD, "hello again"));
        link.next(Auth.class);

        link.says(auth(ReasonCode.REAUTHENTICATE, METHOD, "hello again"));

        disconnected(link, ReasonCode.PROTOCOL_ERROR);
    }

    @Test // [MQTT5-4.12.0-7]
    void auth_ofAClientWithoutMethod_isAProtocolError() {
        FakeLink link = client("b");

        link.says(auth(ReasonCode.REAUTHENTICATE, METHOD, "hello"));

        disconnected(link, ReasonCode.PROTOCOL_ERROR);
    }

    private FakeLink asked() {
        FakeLink link = link().says(connect(METHOD, "hello"));
        link.next(Auth.class);
        return link;
    }

    private FakeLink welcomed() {
        FakeLink link = asked();
        link.says(auth(ReasonCode.CONTINUE_AUTHENTICATION, METHOD, "open sesame"));
        assertThat(link.next(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        return link;
    }

    private static void refused(FakeLink link, ReasonCode reason) {
        assertThat(link.next(ConnAck.class).reasonCode()).isEqualTo(reason);
        assertThat(link.closed).isTrue();
    }

    private static void disconnected(FakeLink link, ReasonCode reason) {
        assertThat(link.next(Disconnect.class).reasonCode()).isEqualTo(reason);
        assertThat(link.closed).isTrue();
    }

    private static Connect connect(String method, String data) {
        return connect(
                "a",
                true,
                null,
                new ConnectProperties(
                        0,
                        65_535,
                        Packet.MAXIMUM_SIZE_BYTES,
                        0,
                        false,
                        true,
                        List.of(),
                        method,
                        bytes(data)));
    }

    private static Auth auth(ReasonCode reason, String method, String data) {
        return new Auth(reason, method, bytes(data), ReasonDetails.NONE);
    }

    private static final class Riddle implements EnhancedAuthenticator {
        private String who = "ali";
        private int open;
        private Function<String, CompletionStage<Step>> steps =
                data -> CompletableFuture.completedFuture(answer(data));

        private Step answer(String data) {
            return switch (data) {
                case "hello", "hello again" -> new Step.Continue(bytes("who?"));
                case "open sesame" -> welcome();
                default ->
                        new Step.Done(
                                new AuthResult.Refused(Cause.WRONG_PASSWORD, null, null), null);
            };
        }

        private Step welcome() {
            return new Step.Done(
                    new AuthResult.Granted(ScriptedAccess.principal(who, 0)), bytes("come in"));
        }

        @Override
        public String name() {
            return "riddle";
        }

        @Override
        public Set<String> methods() {
            return Set.of(METHOD);
        }

        @Override
        public Exchange begin(
                ConnectRequest request, String method, @Nullable Principal connected) {
            assertThat(request.password()).isNull();
            open++;
            return new Exchange() {
                @Override
                public CompletionStage<Step> next(byte @Nullable [] data) {
                    return steps.apply(
                            data == null
                                    ? ""
                                    : new String(data, java.nio.charset.StandardCharsets.UTF_8));
                }

                @Override
                public void close() {
                    open--;
                }
            };
        }
    }
}
