package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.SessionView;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.testkit.access.ScriptedAccess;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ConnectTest extends BrokerFixture {
    @Test // [MQTT5-3.1.3-6] [MQTT5-3.2.2-16]
    void connect_emptyClientId_assignsOneAndTellsIt() {
        FakeLink link = link().says(connect("", true, 0));

        ConnAck answer = link.next(ConnAck.class);

        assertThat(answer.reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(answer.properties().assignedClientId()).startsWith("auto-");
        assertThat(broker.clients().list()).hasSize(1);
    }

    @Test // [MQTT311-3.1.3-8]
    void connect311_emptyClientIdWithoutCleanSession_isRefused() {
        FakeLink link = link().says(connect311("", false));

        assertThat(link.next(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        assertThat(link.closed).isTrue();
    }

    @Test // [MQTT5-3.1.0-2]
    void connect_twice_isAProtocolError() {
        FakeLink link = client("a").says(connect("a", true, 0));

        assertThat(link.next(Disconnect.class).reasonCode()).isEqualTo(ReasonCode.PROTOCOL_ERROR);
        assertThat(link.closed).isTrue();
    }

    @Test // [MQTT5-3.1.0-1]
    void firstPacket_notConnect_closesWithoutAWord() {
        FakeLink link = link().says(PingReq.INSTANCE);

        assertThat(link.sent).isEmpty();
        assertThat(link.closed).isTrue();
    }

    @Test // [MQTT5-3.1.3-4] [MQTT5-3.2.2-2] [MQTT5-3.2.2-3]
    void sessionPresent_onlyIfASessionWasKept() {
        assertThat(reconnected("a", false, 100)).isFalse();
        assertThat(reconnected("a", false, 100)).isTrue();
        assertThat(reconnected("a", true, 100)).isFalse();
        assertThat(reconnected("a", false, 0)).isTrue();
        assertThat(reconnected("a", false, 0)).isFalse();
    }

    private boolean reconnected(String id, boolean clean, long expiry) {
        FakeLink link = link().says(connect(id, clean, expiry));
        boolean present = link.next(ConnAck.class).sessionPresent();
        link.says(Disconnect.NORMAL);
        return present;
    }

    @Test // [MQTT5-3.2.0-1]
    void packets_beforeConnack_waitForTheAuthenticator() {
        CompletableFuture<AuthResult> answer = new CompletableFuture<>();
        access.authenticating(request -> answer);
        FakeLink link = link().says(connect("a", true, 0), PingReq.INSTANCE);
        assertThat(link.sent).isEmpty();

        answer.complete(ScriptedAccess.granted("u"));

        link.next(ConnAck.class);
        link.next(PingResp.class);
    }

    @Test
    void authenticator_withoutAnswer_countsAsUnavailable() {
        access.authenticating(request -> new CompletableFuture<>());
        FakeLink link = link().says(connect("a", true, 0));

        advance(6_000);

        assertThat(link.next(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
        assertThat(link.closed).isTrue();
    }

    @Test
    void authenticator_throwingALinkageError_countsAsUnavailable() {
        access.authenticating(
                request -> {
                    throw new NoClassDefFoundError("gone");
                });
        FakeLink link = link().says(connect("a", true, 0));

        assertThat(link.next(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
    }

    @Test
    void wrongPassword_getsNoHintAndIsListed() {
        access.authenticating(
                request ->
                        CompletableFuture.completedFuture(
                                new AuthResult.Refused(Cause.WRONG_PASSWORD, "cred1", null)));
        FakeLink link = link().says(connect("a", true, 0));

        ConnAck answer = link.next(ConnAck.class);

        assertThat(answer.reasonCode()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(answer.properties().details().reasonString()).isNull();
        assertThat(broker.rejections().list())
                .singleElement()
                .satisfies(
                        rejection -> {
                            assertThat(rejection.kind()).isEqualTo(Rejection.Kind.CONNECT);
                            assertThat(rejection.cause()).isEqualTo(Rejection.Cause.WRONG_PASSWORD);
                            assertThat(rejection.who().principalId()).isEqualTo("cred1");
                        });
    }

    @Test
    void wrongClientId_getsAReasonString() {
        access.authenticating(
                request ->
                        CompletableFuture.completedFuture(
                                new AuthResult.Refused(
                                        Cause.CLIENT_ID_NOT_ALLOWED, "cred1", "uns1")));
        FakeLink link = link().says(connect("a", true, 0));

        ConnAck answer = link.next(ConnAck.class);

        assertThat(answer.reasonCode()).isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        assertThat(answer.properties().details().reasonString()).contains("uns1");
    }

    @Test
    void password_isWipedAfterTheAnswer() {
        byte[] password = bytes("secret");
        link().says(
                        new Connect(
                                ProtocolVersion.MQTT_5_0,
                                true,
                                0,
                                "a",
                                null,
                                "u",
                                password,
                                ConnectProperties.NONE));

        assertThat(password).containsOnly(0);
    }

    @Test // [MQTT5-3.1.4-3]
    void takeOver_tellsTheOldConnectionAndKeepsTheSession() {
        FakeLink old = connected(connect("a", false, 100));
        old.says(subscribe("t", Qos.AT_LEAST_ONCE));

        FakeLink now = linkOnOtherLoop().says(connect("a", false, 100));

        assertThat(now.next(ConnAck.class).sessionPresent()).isTrue();
        old.sent.poll();
        assertThat(old.next(Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.SESSION_TAKEN_OVER);
        assertThat(old.closed).isTrue();
        client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 1));
        assertThat(now.texts()).containsExactly("x");
    }

    @Test
    void takeOver_byAnotherPrincipal_isRefusedWithoutTouchingTheSession() {
        FakeLink owner = connected(connect("a", false, 100));
        access.authenticating(
                request -> CompletableFuture.completedFuture(ScriptedAccess.granted("mallory")));

        FakeLink thief = link().says(connect("a", true, 0));

        assertThat(thief.next(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        assertThat(owner.closed).isFalse();
        assertThat(owner.sent).isEmpty();
    }

    @Test
    void takeOver_threeTimesAMinute_isListedWithBothAddresses() {
        connected(connect("a", false, 100));
        for (int i = 0; i < 3; i++) {
            connected(connect("a", false, 100));
        }

        assertThat(broker.rejections().list())
                .anySatisfy(
                        rejection ->
                                assertThat(rejection.kind()).isEqualTo(Rejection.Kind.TAKE_OVER));
    }

    @Test
    void maxConnections_ofAPrincipal_areEnforcedButNotAgainstItsOwnReconnect() {
        access.authenticating(
                request ->
                        CompletableFuture.completedFuture(
                                new AuthResult.Granted(ScriptedAccess.principal("one", 1))));
        connected(connect("a", true, 0));
        connected(connect("a", true, 0));

        FakeLink second = link().says(connect("b", true, 0));

        assertThat(second.next(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(broker.clients().list()).hasSize(1);
    }

    @Test
    void maxConnections_refusedWithCleanStart_leavesTheSession() {
        access.authenticating(
                request ->
                        CompletableFuture.completedFuture(
                                new AuthResult.Granted(ScriptedAccess.principal("one", 1))));
        connected(connect("kept", false, 100)).lose();
        connected(connect("other", true, 0));

        FakeLink refused = link().says(connect("kept", true, 0));

        assertThat(refused.next(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(broker.clients().sessions())
                .extracting(SessionView::clientId)
                .containsExactlyInAnyOrder("kept", "other");
    }

    @Test
    void maxConnections_afterRefusals_countsOnlyWhatIsConnected() {
        access.authenticating(
                request ->
                        CompletableFuture.completedFuture(
                                new AuthResult.Granted(ScriptedAccess.principal("one", 1))));
        FakeLink first = connected(connect("a", true, 0));
        link().says(connect("b", true, 0)).next(ConnAck.class);
        link().says(connect("b", false, 10)).next(ConnAck.class);
        first.lose();

        connected(connect("b", true, 0));

        assertThat(broker.stats().connections().online()).isEqualTo(1);
        assertThat(broker.stats().connections().maximum()).isEqualTo(1);
    }

    @Test
    void packet_thatDoesNotBecomeComplete_endsTheConnectionEvenWithoutKeepAlive() {
        FakeLink link = client("a");

        link.begins();
        advance(60_000);
        assertThat(link.closed).isFalse();
        link.says(PingReq.INSTANCE).next(PingResp.class);
        advance(60_000);
        assertThat(link.closed).isFalse();
        advance(1_000);

        assertThat(link.next(Disconnect.class).reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(broker.rejections().list().get(0).cause())
                .isEqualTo(Rejection.Cause.PACKET_TIMEOUT);
    }

    @Test
    void packet_thatDoesNotBecomeComplete_hasItsTimeFromWhenItBegan() {
        FakeLink link = client("a");

        advance(50_000);
        link.begins();
        advance(60_000);
        assertThat(link.closed).isFalse();
        advance(1_000);

        assertThat(link.next(Disconnect.class).reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
    }

    @Test // [MQTT5-3.1.2-22]
    void keepAlive_oneAndAHalfTimes_thenDisconnected() {
        FakeLink link =
                connected(
                        new Connect(
                                ProtocolVersion.MQTT_5_0,
                                true,
                                10,
                                "a",
                                null,
                                null,
                                null,
                                ConnectProperties.NONE));

        advance(14_900);
        assertThat(link.closed).isFalse();
        advance(1_000);

        assertThat(link.next(Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.KEEP_ALIVE_TIMEOUT);
        assertThat(link.closed).isTrue();
    }

    @Test // [MQTT5-4.12.0-1]
    void authenticationMethod_unknown_isRefused() {
        FakeLink link =
                link().says(
                                connect(
                                        "a",
                                        true,
                                        null,
                                        new ConnectProperties(
                                                0,
                                                65_535,
                                                1 << 20,
                                                0,
                                                false,
                                                true,
                                                java.util.List.of(),
                                                "GS2-KRB5",
                                                null)));

        assertThat(link.next(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.BAD_AUTHENTICATION_METHOD);
    }

    @Test // section 3.14.2.2.2
    void disconnect_settingAnExpiryThatWasZero_isAProtocolError() {
        FakeLink link =
                client("a").says(new Disconnect(ReasonCode.SUCCESS, 10, ReasonDetails.NONE, null));

        assertThat(link.next(Disconnect.class).reasonCode()).isEqualTo(ReasonCode.PROTOCOL_ERROR);
    }

    @Test // [MQTT5-4.1.0-1] [MQTT5-4.1.0-2]
    void session_expiresAfterItsInterval() {
        connected(connect("a", false, 10)).lose();

        advance(9_000);
        assertThat(broker.clients().sessions()).hasSize(1);
        advance(2_000);

        assertThat(broker.clients().sessions()).isEmpty();
        assertThat(broker.stats().sessions().expired()).isEqualTo(1);
    }

    @Test
    void malformed_isToldAndListed() {
        FakeLink link = client("a");

        link.malformed(ReasonCode.MALFORMED_PACKET);

        assertThat(link.next(Disconnect.class).reasonCode()).isEqualTo(ReasonCode.MALFORMED_PACKET);
        assertThat(broker.rejections().list()).hasSize(1);
    }

    @Test
    void close_tellsClientsThatTheServerStops() {
        FakeLink link = client("a");

        Thread closing = new Thread(broker::close);
        closing.start();
        while (closing.isAlive()) {
            settle();
            Thread.onSpinWait();
        }

        assertThat(link.next(Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.SERVER_SHUTTING_DOWN);
    }

    @Test // [MQTT5-3.1.4-1]
    void connect_wrongAfterItsVersion_isToldInConnack() {
        FakeLink link = link();

        link.malformed(ProtocolVersion.MQTT_5_0, ReasonCode.PROTOCOL_ERROR);

        ConnAck answer = link.next(ConnAck.class);
        assertThat(answer.reasonCode()).isEqualTo(ReasonCode.PROTOCOL_ERROR);
        assertThat(answer.properties().details().reasonString()).isEqualTo("test");
        assertThat(link.closed).isTrue();
    }

    @Test // [MQTT311-3.2.2-4] [MQTT311-3.2.2-5]
    void connect311_refusedForAKeptSession_hasNoSessionPresent() {
        connected(connect311("a", false)).lose();
        Function<ConnectRequest, CompletionStage<AuthResult>> right =
                request ->
                        CompletableFuture.completedFuture(
                                ScriptedAccess.granted(request.username()));
        access.authenticating(
                request ->
                        CompletableFuture.completedFuture(
                                new AuthResult.Refused(Cause.WRONG_PASSWORD, "cred1", null)));
        FakeLink link = link();
        link.version(ProtocolVersion.MQTT_3_1_1);

        ConnAck answer = link.says(connect311("a", false)).next(ConnAck.class);

        assertThat(answer.reasonCode().isError()).isTrue();
        assertThat(answer.sessionPresent()).isFalse();
        assertThat(link.closed).isTrue();
        access.authenticating(right);
        link = link();
        link.version(ProtocolVersion.MQTT_3_1_1);
        assertThat(link.says(connect311("a", false)).next(ConnAck.class).sessionPresent()).isTrue();
    }

    @Test // [MQTT311-3.1.4-1]
    void connect311_wrongAfterItsVersion_isClosedWithoutAWord() {
        FakeLink link = link();
        link.version(ProtocolVersion.MQTT_3_1_1);

        link.malformed(ProtocolVersion.MQTT_3_1_1, ReasonCode.MALFORMED_PACKET);

        assertThat(link.sent).isEmpty();
        assertThat(link.closed).isTrue();
    }

    @Test // [MQTT311-3.1.3-8]
    void connect311_emptyClientIdWithoutCleanSession_foundByTheDecoder_isRefusedWithCode2() {
        FakeLink link = link();
        link.version(ProtocolVersion.MQTT_3_1_1);

        link.malformed(ProtocolVersion.MQTT_3_1_1, ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);

        assertThat(link.next(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        assertThat(link.closed).isTrue();
    }

    @Test
    void abstaining_byAll_withoutCredentials_isListedAsSuch() {
        access.authenticating(request -> CompletableFuture.completedFuture(AuthResult.ABSTAIN));
        FakeLink link = link();

        link.says(connect("c", true, 0));

        assertThat(link.next(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(broker.rejections().list().get(0).cause())
                .isEqualTo(Rejection.Cause.NO_CREDENTIALS);
    }

    @Test
    void abstaining_butThrottled_isRefusedLikeAKnownName() {
        access.authenticating(
                request ->
                        CompletableFuture.completedFuture(
                                new AuthResult.Abstain(AuthResult.Cause.THROTTLED)));
        FakeLink link = link();

        link.says(connect("c", true, 0));

        assertThat(link.next(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.CONNECTION_RATE_EXCEEDED);
        assertThat(broker.rejections().list().get(0).cause()).isEqualTo(Rejection.Cause.THROTTLED);
    }

    @Test
    void connect_isForgottenWhenItIsAnswered() {
        Connect packet = connect("a", true, will("w", 0), properties(60, 10, 1 << 20));
        WeakReference<Connect> known = new WeakReference<>(packet);
        FakeLink link = connected(packet);
        packet = null;

        for (int i = 0; i < 100 && known.get() != null; i++) {
            System.gc();
        }

        assertThat(known.get()).isNull();
        assertThat(link.closed).isFalse();
    }

    @Test
    void refused_byTheTransport_isCountedAndListed() {
        InetSocketAddress from = new InetSocketAddress("192.0.2.7", 5678);

        broker.connections().refused(from, "tcp", Rejection.Cause.LISTENER_FULL);
        broker.connections().refused(from, "tcp", Rejection.Cause.LISTENER_FULL);
        broker.connections().refused(from, "tcp", Rejection.Cause.CONNECT_RATE);

        assertThat(broker.rejections().list())
                .extracting(r -> r.cause() + " " + r.who().address() + " " + r.times().count())
                .containsExactlyInAnyOrder(
                        "LISTENER_FULL 192.0.2.7:5678 2", "CONNECT_RATE 192.0.2.7:5678 1");
        assertThat(broker.stats().connections().refused()).isEqualTo(3);
    }

    @Test
    void responseInformation_hasNoWildcards() {
        assertThat(responseInformation("a+/#", true)).isEqualTo("answers/a_/_/");
    }

    @Test // [MQTT5-3.1.2-28]
    void responseInformation_isToldToWhoAsks() {
        assertThat(responseInformation("a", true)).isEqualTo("answers/a/");
        assertThat(responseInformation("a", false)).isNull();
    }

    private String responseInformation(String clientId, boolean asks) {
        FakeLink link =
                link().says(
                                connect(
                                        clientId,
                                        true,
                                        null,
                                        new ConnectProperties(
                                                0,
                                                65_535,
                                                io.busbar.mqtt.codec.Packet.MAXIMUM_SIZE_BYTES,
                                                0,
                                                asks,
                                                true,
                                                java.util.List.of(),
                                                null,
                                                null)));
        return link.next(ConnAck.class).properties().responseInformation();
    }
}
