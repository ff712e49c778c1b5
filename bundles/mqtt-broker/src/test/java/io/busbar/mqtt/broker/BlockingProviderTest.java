package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.Authorizer;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.EnhancedAuthenticator;
import io.busbar.api.auth.spi.Permissions;
import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.ProviderView.State;
import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.Auth;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.testkit.access.ScriptedAccess;
import io.busbar.testkit.log.CapturedLog;
import io.busbar.testkit.time.Await;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Providers that do not say of themselves that they never block. Each may use two threads. */
@Timeout(60)
class BlockingProviderTest extends BrokerFixture {
    private final Hang hang = new Hang();

    @AfterEach
    void release() {
        hang.release();
    }

    /** Asked before the one of the fixture. */
    private static final Map<String, Object> FIRST =
            Map.of("service.ranking", 100, "component.name", "ldap");

    private record Slow(Function<ConnectRequest, AuthResult> answer) implements Authenticator {
        @Override
        public String name() {
            return "ldap";
        }

        @Override
        public CompletionStage<AuthResult> authenticate(ConnectRequest request) {
            return CompletableFuture.completedFuture(answer.apply(request));
        }
    }

    /** Hangs for users called {@code hang}, and leaves the others to the next one. */
    private Slow hanging() {
        return new Slow(
                request -> {
                    if ("hang".equals(request.username())) {
                        hang.here();
                    }
                    return AuthResult.ABSTAIN;
                });
    }

    private static Connect as(String clientId, String username, byte @Nullable [] password) {
        return new Connect(
                ProtocolVersion.MQTT_5_0,
                true,
                0,
                clientId,
                null,
                username,
                password,
                properties(0, 65_535, 1 << 20));
    }

    private FakeLink connecting(String clientId, String username) {
        return link().says(as(clientId, username, bytes("secret")));
    }

    private ProviderView view(String kind) {
        return broker.providers().stream()
                .filter(each -> each.name().equals("ldap") && each.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private Rejection latest() {
        return broker.rejections().list().get(0);
    }

    private static void refused(FakeLink link, ReasonCode reason) {
        assertThat(link.await(ConnAck.class).reasonCode()).isEqualTo(reason);
        assertThat(link.closed).isTrue();
    }

    // ---- authenticators

    @Test
    void authenticator_thatHangs_keepsNobodyElseFromBeingServed() {
        FakeLink bystander = client("b");
        broker.gate().authenticators().bind(hanging(), FIRST);

        FakeLink stuck = connecting("c", "hang");
        hang.awaitInside(1);

        bystander.says(publish("t", "x", Qos.AT_LEAST_ONCE, 1)).next(PubAck.class);
        assertThat(connecting("d", "well").await(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.SUCCESS);
        advance(4_999);
        assertThat(stuck.closed).isFalse();
        advance(1);
        refused(stuck, ReasonCode.SERVER_UNAVAILABLE);
        assertThat(latest().cause()).isEqualTo(Rejection.Cause.UNAVAILABLE);
        assertThat(latest().what().detail())
                .isEqualTo("authenticator ldap gave no answer within 5000 ms");
        Await.until(() -> hang.interrupted() == 1);
    }

    @Test
    void answer_ofAProviderThatGivesUpWhenItIsInterrupted_comesTooLate() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        broker.gate()
                .authenticators()
                .bind(
                        new Slow(
                                request -> {
                                    inside.countDown();
                                    try {
                                        never.await();
                                    } catch (InterruptedException stopped) {
                                        return ScriptedAccess.granted("late");
                                    }
                                    return AuthResult.ABSTAIN;
                                }),
                        FIRST);
        FakeLink link = connecting("c", "u");
        Await.until(() -> inside.getCount() == 0);

        advance(5_000);

        refused(link, ReasonCode.SERVER_UNAVAILABLE);
    }

    @Test
    void authenticator_whoseThreadsAllHang_isNotAskedUntilOneReturns() {
        broker.gate().authenticators().bind(hanging(), FIRST);
        connecting("c1", "hang");
        connecting("c2", "hang");
        hang.awaitInside(2);
        advance(5_000);
        assertThat(view("authenticator").state()).isEqualTo(State.HANGS);
        assertThat(view("authenticator").detail()).contains("2 of the 2 threads");

        refused(connecting("c3", "well"), ReasonCode.SERVER_UNAVAILABLE);
        assertThat(latest().what().detail()).isEqualTo("authenticator ldap all its 2 threads hang");

        hang.release();
        Await.until(() -> view("authenticator").state() == State.ASKED);
        assertThat(connecting("c4", "well").await(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.SUCCESS);
    }

    @Test
    void authenticator_thatHangs_leavesThreadsForTheOthers() {
        broker.gate().authenticators().bind(hanging(), FIRST);
        Slow other = new Slow(request -> ScriptedAccess.granted("other of " + request.username()));
        connecting("c1", "hang");
        connecting("c2", "hang");
        hang.awaitInside(2);
        advance(5_000);
        broker.gate().authenticators().bind(other, Map.of("service.ranking", 200));

        assertThat(connecting("c3", "u").await(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.SUCCESS);
    }

    @Test
    void calls_thatWaitForAThread_areRefusedInTheirTime() {
        broker.gate().authenticators().bind(hanging(), FIRST);
        connecting("c1", "hang");
        connecting("c2", "hang");
        hang.awaitInside(2);
        FakeLink waits = connecting("c3", "well");

        advance(5_000);

        refused(waits, ReasonCode.SERVER_UNAVAILABLE);
    }

    @Test
    void authenticator_thatGoesWhileItHangs_itsClientsAreRefusedAtOnce() {
        Slow slow = hanging();
        broker.gate().authenticators().bind(slow, FIRST);
        FakeLink stuck = connecting("c", "hang");
        hang.awaitInside(1);

        broker.gate().authenticators().unbind(slow);

        refused(stuck, ReasonCode.SERVER_UNAVAILABLE);
        Await.until(() -> hang.interrupted() == 1);
        assertThat(connecting("d", "hang").await(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.SUCCESS);
    }

    @Test
    void password_isThereForAProviderThatIsLate_andWipedWhenItReturns() {
        List<byte[]> seen = new CopyOnWriteArrayList<>();
        broker.gate()
                .authenticators()
                .bind(
                        new Slow(
                                request -> {
                                    hang.here();
                                    seen.add(request.password().clone());
                                    return AuthResult.ABSTAIN;
                                }),
                        FIRST);
        byte[] password = bytes("secret");
        FakeLink stuck = link().says(as("c", "u", password));
        hang.awaitInside(1);
        advance(5_000);
        refused(stuck, ReasonCode.SERVER_UNAVAILABLE);
        assertThat(password).isEqualTo(bytes("secret"));

        hang.release();

        Await.until(() -> Arrays.equals(password, new byte[6]));
        assertThat(seen).singleElement().isEqualTo(bytes("secret"));
    }

    @Test
    void password_ofACallThatNeverBegan_isWipedWithTheAnswer() {
        broker.gate().authenticators().bind(hanging(), FIRST);
        connecting("c1", "hang");
        connecting("c2", "hang");
        hang.awaitInside(2);
        byte[] password = bytes("secret");
        FakeLink waits = link().says(as("c3", "u", password));

        advance(5_000);

        refused(waits, ReasonCode.SERVER_UNAVAILABLE);
        assertThat(password).containsOnly(0);
    }

    @Test
    void stage_thatNeverCompletes_isRefusedInTime() {
        access.authenticating(request -> new CompletableFuture<>());
        FakeLink link = connecting("c", "u");

        advance(5_000);

        refused(link, ReasonCode.SERVER_UNAVAILABLE);
    }

    @Test
    void refusals_becauseOfAProvider_areOneLineASecond() {
        broker.gate().authenticators().bind(hanging(), FIRST);
        try (CapturedLog log = new CapturedLog()) {
            connecting("c1", "hang");
            connecting("c2", "hang");
            hang.awaitInside(2);
            advance(5_000);
            for (int i = 0; i < 50; i++) {
                refused(connecting("d" + i, "well"), ReasonCode.SERVER_UNAVAILABLE);
            }
            advance(1_000);

            assertThat(log.take().stream().filter(line -> line.contains("Clients refused")))
                    .singleElement()
                    .asString()
                    .contains("52: ")
                    .contains("2 because authenticator ldap gave no answer within 5000 ms")
                    .contains("50 because authenticator ldap all its 2 threads hang");
        }
    }

    // ---- those that wait for their turn

    private record Queueing(CompletableFuture<AuthResult> answer) implements Authenticator {
        @Override
        public String name() {
            return "queueing";
        }

        @Override
        public CompletionStage<AuthResult> authenticate(ConnectRequest request) {
            return answer;
        }

        @Override
        public Duration longestWait() {
            return Duration.ofSeconds(10);
        }
    }

    @Test
    void waitForATurn_comesInAdditionToTheTimeOfAProvider() {
        CompletableFuture<AuthResult> answer = new CompletableFuture<>();
        broker.gate()
                .authenticators()
                .bind(
                        new Queueing(answer),
                        Map.of("service.ranking", 100, Authenticator.BLOCKING, false));
        FakeLink waits = connecting("c", "u");

        advance(14_900);
        assertThat(waits.closed).isFalse();
        answer.complete(ScriptedAccess.granted("u"));

        assertThat(waits.next(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
    }

    @Test
    void noTurn_isToldAsServerBusy_andWhatItWas() {
        broker.gate()
                .authenticators()
                .bind(
                        new Queueing(
                                CompletableFuture.completedFuture(
                                        new AuthResult.Refused(
                                                AuthResult.Cause.BUSY, "cred-1", null))),
                        Map.of(
                                "service.ranking",
                                100,
                                "component.name",
                                "credentials",
                                Authenticator.BLOCKING,
                                false));
        try (CapturedLog log = new CapturedLog()) {
            for (int i = 0; i < 200; i++) {
                refused(connecting("c" + i, "u"), ReasonCode.SERVER_BUSY);
            }
            advance(1_000);

            assertThat(latest().cause()).isEqualTo(Rejection.Cause.AUTHENTICATION_BUSY);
            assertThat(latest().who().principalId()).isEqualTo("cred-1");
            assertThat(log.take())
                    .filteredOn(line -> line.contains("Clients refused"))
                    .singleElement()
                    .asString()
                    .contains("200 because too many clients wait to be verified")
                    .contains("authenticator credentials");
        }
    }

    // ---- authorizers

    /** Hangs for Client Identifiers that begin with {@code hang}. */
    private Authorizer hangingRights(AtomicInteger asked) {
        return (principal, clientId) -> {
            asked.incrementAndGet();
            if (clientId.startsWith("hang")) {
                hang.here();
            }
            return Optional.empty();
        };
    }

    @Test
    void authorizer_thatHangs_itsClientIsRefused_andOthersAreServed() {
        FakeLink bystander = client("b");
        broker.gate().authorizers().bind(hangingRights(new AtomicInteger()), FIRST);
        FakeLink stuck = link().says(connect("hang", true, 0));
        hang.awaitInside(1);

        bystander.says(publish("t", "x", Qos.AT_LEAST_ONCE, 1)).next(PubAck.class);
        assertThat(link().says(connect("c", true, 0)).await(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.SUCCESS);
        advance(5_000);

        refused(stuck, ReasonCode.SERVER_UNAVAILABLE);
        assertThat(latest().what().detail())
                .isEqualTo("authorizer ldap gave no answer within 5000 ms");
        assertThat(broker.clients().get("hang")).isEmpty();
    }

    @Test
    void authorizer_thatIsNotThereYet_clientsAreRefusedUntilItIs() {
        broker.gate().authorizers().unbind(access);

        refused(link().says(connect("c", true, 0)), ReasonCode.SERVER_UNAVAILABLE);
        assertThat(latest().what().detail()).isEqualTo("there is no authorizer");

        broker.gate().authorizers().bind(access, ON_LOOP);
        assertThat(link().says(connect("c", true, 0)).await(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.SUCCESS);
    }

    @Test
    void authorizer_thatMayBlock_isAskedOncePerConnectionAndPerChange() {
        AtomicInteger asked = new AtomicInteger();
        broker.gate().authorizers().bind(hangingRights(asked), FIRST);
        FakeLink client = link().says(connect("c", true, 0));
        client.await(ConnAck.class);
        assertThat(asked).hasValue(1);

        Principal principal = broker.clients().get("c").orElseThrow().principal();
        broker.clients().update(principal, Actor.BOOTSTRAP);

        Await.until(
                () -> {
                    settle();
                    return asked.get() == 2;
                });
        client.says(publish("t", "x", Qos.AT_LEAST_ONCE, 1)).await(PubAck.class);
        assertThat(asked).hasValue(2);
    }

    @Test
    void authorizer_thatHangsWhenRightsChange_disconnectsWhoMayDoNobodyKnowsWhat() {
        FakeLink client = client("hang");
        broker.gate().authorizers().bind(hangingRights(new AtomicInteger()), FIRST);
        Principal principal = broker.clients().get("hang").orElseThrow().principal();

        broker.clients().update(principal, Actor.BOOTSTRAP);
        settle();
        hang.awaitInside(1);
        client.says(PingReq.INSTANCE).next(PingResp.class);
        advance(5_000);

        assertThat(client.await(Disconnect.class).reasonCode()).isEqualTo(ReasonCode.SERVER_BUSY);
        assertThat(client.closed).isTrue();
    }

    @Test
    void rights_thatChangeWhileAClientConnects_areAskedForAgain() {
        AtomicInteger asked = new AtomicInteger();
        broker.gate().authorizers().bind(hangingRights(asked), FIRST);
        FakeLink client = link().says(connect("hang", true, 0));
        hang.awaitInside(1);

        broker.clients().update(ScriptedAccess.principal("", 0), Actor.BOOTSTRAP);
        hang.release();

        client.await(ConnAck.class);
        Await.until(
                () -> {
                    settle();
                    return asked.get() == 2;
                });
    }

    /** Rights that allow to publish to one topic. */
    private static Permissions only(String allowed) {
        return new Permissions() {
            @Override
            public boolean mayPublish(TopicName topic) {
                return topic.value().equals(allowed);
            }

            @Override
            public boolean mayReceive(TopicName topic) {
                return true;
            }

            @Override
            public SubscribeDecision subscribe(TopicFilter filter) {
                return SubscribeDecision.GRANTED;
            }

            @Override
            public String reason(boolean publish, String topicOrFilter) {
                return "test";
            }
        };
    }

    @Test
    void changes_inAHurry_theLastOneCounts_howeverLateTheFirstAnswers() {
        FakeLink client = client("c");
        AtomicInteger asked = new AtomicInteger();
        Authorizer slowAtFirst =
                (principal, clientId) -> {
                    if (asked.incrementAndGet() == 1) {
                        hang.here();
                        return Optional.of(only("old"));
                    }
                    return Optional.of(only("new"));
                };
        broker.gate().authorizers().bind(slowAtFirst, FIRST);
        Principal principal = broker.clients().get("c").orElseThrow().principal();
        broker.clients().update(principal, Actor.BOOTSTRAP);
        settle();
        hang.awaitInside(1);
        broker.clients().update(principal, Actor.BOOTSTRAP);
        Await.until(
                () -> {
                    settle();
                    return asked.get() == 2;
                });
        Await.until(
                () ->
                        client.says(publish("old", "x", Qos.AT_LEAST_ONCE, 1))
                                        .next(PubAck.class)
                                        .reasonCode()
                                == ReasonCode.NOT_AUTHORIZED);

        hang.release();
        advance(5_000);

        assertThat(
                        client.says(publish("new", "x", Qos.AT_LEAST_ONCE, 1))
                                .next(PubAck.class)
                                .reasonCode())
                .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        assertThat(client.closed).isFalse();
    }

    // ---- enhanced authenticators

    /** Asks once; hangs where it is told to. Says in which order it was called. */
    private final class Riddle implements EnhancedAuthenticator {
        private final String where;
        private final List<String> calls = new CopyOnWriteArrayList<>();

        Riddle(String where) {
            this.where = where;
        }

        private void call(String name) {
            calls.add(name);
            if (where.equals(name)) {
                hang.here();
                calls.add(name + " returned");
            }
        }

        @Override
        public String name() {
            return "ldap";
        }

        @Override
        public Set<String> methods() {
            call("methods");
            return Set.of("RIDDLE");
        }

        @Override
        public Exchange begin(ConnectRequest request, String method, @Nullable Principal known) {
            call("begin");
            return new Exchange() {
                private boolean asked;

                @Override
                public CompletionStage<Step> next(byte @Nullable [] data) {
                    call(asked ? "second" : "first");
                    Step step =
                            asked
                                    ? new Step.Done(ScriptedAccess.granted("ali"), bytes("in"))
                                    : new Step.Continue(bytes("who?"));
                    asked = true;
                    return CompletableFuture.completedFuture(step);
                }

                @Override
                public void close() {
                    call("close");
                }
            };
        }
    }

    private Riddle riddle(String where) {
        Riddle riddle = new Riddle(where);
        broker.gate().enhancedAuthenticators().bind(riddle, FIRST);
        return riddle;
    }

    private FakeLink riddled() {
        return link().says(
                        connect(
                                "r",
                                true,
                                null,
                                new ConnectProperties(
                                        0,
                                        65_535,
                                        1 << 20,
                                        0,
                                        false,
                                        true,
                                        List.of(),
                                        "RIDDLE",
                                        bytes("hello"))));
    }

    private static Auth answer() {
        return new Auth(
                ReasonCode.CONTINUE_AUTHENTICATION, "RIDDLE", bytes("me"), ReasonDetails.NONE);
    }

    @Test
    void enhanced_thatMayBlock_isCalledOneAfterTheOther_andClosed() {
        Riddle riddle = riddle("nowhere");
        FakeLink link = riddled();
        link.await(Auth.class);

        assertThat(link.says(answer()).await(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.SUCCESS);
        Await.until(() -> riddle.calls.size() == 5);
        assertThat(riddle.calls).containsExactly("methods", "begin", "first", "second", "close");
    }

    @ParameterizedTest
    @ValueSource(strings = {"methods", "begin", "first", "second"})
    void enhanced_thatHangs_isRefusedInTime_andClosedWhenItReturns(String where) {
        FakeLink bystander = client("b");
        Riddle riddle = riddle(where);
        FakeLink link = riddled();
        if (where.equals("second")) {
            link.await(Auth.class);
            link.says(answer());
        }
        Await.until(
                () -> {
                    settle();
                    return riddle.calls.contains(where);
                });

        bystander.says(PingReq.INSTANCE).next(PingResp.class);
        advance(5_000);
        refused(link, ReasonCode.SERVER_UNAVAILABLE);
        assertThat(latest().what().detail()).contains("ldap gave no answer within 5000 ms");
        assertThat(riddle.calls).doesNotContain("close");

        hang.release();
        Await.until(() -> view("enhanced authenticator").state() == State.ASKED);
        if (!where.equals("methods")) {
            Await.until(() -> riddle.calls.contains("close"));
            assertThat(riddle.calls.indexOf(where + " returned"))
                    .isLessThan(riddle.calls.indexOf("close"));
        }
    }
}
