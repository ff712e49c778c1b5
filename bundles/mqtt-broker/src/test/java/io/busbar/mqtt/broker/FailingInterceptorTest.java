package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.ProviderView.State;
import io.busbar.api.broker.PublishResult;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.PubAck;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Interceptors that throw, hang or vanish: no message of their topics gets through unchecked. */
class FailingInterceptorTest extends BrokerFixture {
    private static final String UNCHECKED = "the message could not be checked";

    private ScriptedInterceptor interceptor(
            Function<Message, PublishVerdict> script, String onFailure) {
        ScriptedInterceptor made = new ScriptedInterceptor(script);
        bind(made, onFailure);
        return made;
    }

    private void bind(ScriptedInterceptor interceptor, String onFailure) {
        broker.interception()
                .bind(
                        interceptor,
                        Map.of(
                                PublishInterceptor.BLOCKING,
                                false,
                                PublishInterceptor.TOPIC_FILTER,
                                "t",
                                PublishInterceptor.ON_FAILURE,
                                onFailure,
                                "component.name",
                                "gate"));
    }

    private static ReasonCode answer(FakeLink publisher, String topic) {
        publisher.says(publish(topic, "x", Qos.AT_LEAST_ONCE, 7));
        return publisher.next(PubAck.class).reasonCode();
    }

    private InterceptorView view() {
        return broker.interceptors().get(0);
    }

    // ---- throws

    static Stream<Function<Message, PublishVerdict>> failures() {
        return Stream.concat(
                FailingProviderTest.thrown()
                        .map(
                                failure ->
                                        message -> {
                                            throw FailingProviderTest.fail(failure);
                                        }),
                Stream.of(
                        message -> {
                            throw FailingProviderTest.fail(new java.io.IOException("checked"));
                        },
                        message -> null,
                        message -> PublishVerdict.refuse(ReasonCode.SUCCESS, "not an error"),
                        FailingInterceptorTest::overflow));
    }

    @SuppressWarnings("InfiniteRecursion") // on purpose
    private static PublishVerdict overflow(Message message) {
        return overflow(message);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failing_theMessageIsRefused(Function<Message, PublishVerdict> failure) {
        ScriptedInterceptor interceptor = interceptor(failure, PublishInterceptor.REFUSE);
        FakeLink subscriber = subscriber("s", "#", Qos.AT_MOST_ONCE);
        FakeLink publisher = client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 7));

        PubAck told = publisher.next(PubAck.class);
        assertThat(told.reasonCode()).isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
        assertThat(told.details().reasonString()).isEqualTo(UNCHECKED);
        Rejection listed = broker.rejections().list().get(0);
        assertThat(listed.cause()).isEqualTo(Rejection.Cause.INTERCEPTOR_FAILED);
        assertThat(listed.what().detail()).startsWith("gate failed: ");
        assertThat(view().counts().failed()).isEqualTo(1);
        assertThat(subscriber.texts()).isEmpty();

        // It is asked again, and others were never concerned.
        assertThat(answer(publisher, "other")).isEqualTo(ReasonCode.SUCCESS);
        interceptor.script = message -> PublishVerdict.PASS;
        assertThat(answer(publisher, "t")).isEqualTo(ReasonCode.SUCCESS);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failing_andAllowedTo_theMessagePasses(Function<Message, PublishVerdict> failure) {
        interceptor(failure, PublishInterceptor.PASS);
        ScriptedInterceptor next =
                interceptor(message -> PublishVerdict.PASS, PublishInterceptor.REFUSE);
        FakeLink subscriber = subscriber("s", "t", Qos.AT_MOST_ONCE);

        assertThat(answer(client("p"), "t")).isEqualTo(ReasonCode.SUCCESS);

        assertThat(subscriber.texts()).containsExactly("x");
        assertThat(next.asked).hasSize(1);
        assertThat(view().counts().failed()).isEqualTo(1);
        assertThat(broker.rejections().list()).isEmpty();
    }

    @Test
    void failing_withAPolicyNobodyKnows_refuses() {
        interceptor(message -> null, "perhaps");

        assertThat(answer(client("p"), "t")).isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
    }

    @Test
    void failing_theServerIsTold() {
        interceptor(message -> null, PublishInterceptor.REFUSE);

        CompletableFuture<PublishResult> result =
                broker.publish(
                                new Message(
                                        TopicName.of("t"),
                                        bytes("x"),
                                        Qos.AT_MOST_ONCE,
                                        false,
                                        MessageProperties.NONE,
                                        Publisher.SERVER,
                                        0))
                        .toCompletableFuture();
        loops.settle();

        assertThat(result)
                .isCompletedWithValue(
                        new PublishResult(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, UNCHECKED));
    }

    @Test
    void failing_theWillIsNotSent() {
        interceptor(message -> null, PublishInterceptor.REFUSE);
        FakeLink watcher = subscriber("w", "t", Qos.AT_MOST_ONCE);

        connected(connect("d", false, will("t", 0), properties(0, 10, 10_000))).lose();

        assertThat(watcher.texts()).isEmpty();
        assertThat(broker.rejections().list().get(0).cause())
                .isEqualTo(Rejection.Cause.INTERCEPTOR_FAILED);
    }

    // ---- hangs

    private AssertionError wrongMeanwhile;

    @AfterEach
    void tellWhatWasWrongMeanwhile() {
        if (wrongMeanwhile != null) {
            throw wrongMeanwhile;
        }
    }

    /** While it is asked on one loop, time passes on all others. */
    private ScriptedInterceptor hanging(long millis, String onFailure, Runnable meanwhile) {
        return interceptor(
                message -> {
                    advance(millis);
                    try {
                        meanwhile.run();
                    } catch (AssertionError wrong) {
                        wrongMeanwhile = wrong;
                    }
                    return PublishVerdict.PASS;
                },
                onFailure);
    }

    @ParameterizedTest
    @ValueSource(strings = {PublishInterceptor.REFUSE, PublishInterceptor.PASS})
    void hanging_otherLoopsDoNotWaitForIt(String onFailure) {
        FakeLink other = connected(linkOnOtherLoop(), connect("o", true, 0));
        FakeLink subscriber = subscriber("s", "#", Qos.AT_MOST_ONCE);
        boolean passes = onFailure.equals(PublishInterceptor.PASS);
        ScriptedInterceptor interceptor =
                hanging(
                        2_000,
                        onFailure,
                        () -> {
                            assertThat(view().state()).isEqualTo(State.HANGS);
                            assertThat(view().detail()).startsWith("has not returned for 1 s");
                            assertThat(answer(other, "t"))
                                    .isEqualTo(
                                            passes
                                                    ? ReasonCode.SUCCESS
                                                    : ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
                            assertThat(answer(other, "free")).isEqualTo(ReasonCode.SUCCESS);
                        });

        assertThat(answer(client("p"), "t")).isEqualTo(ReasonCode.SUCCESS);

        assertThat(interceptor.asked).hasSize(1);
        assertThat(view().counts().failed()).isEqualTo(1);
        assertThat(broker.rejections().list()).hasSize(passes ? 0 : 1);
        assertThat(subscriber.texts()).hasSize(passes ? 3 : 2);
    }

    @Test
    void hanging_onceReturned_restsAndIsAskedAgain_eachTimeLater() {
        FakeLink publisher = client("p");
        ScriptedInterceptor interceptor = hanging(2_000, PublishInterceptor.REFUSE, () -> {});

        for (int rest = 10_000; rest <= 40_000; rest *= 2) {
            answer(publisher, "t");
            int asked = interceptor.asked.size();
            advance(rest - 1_000);
            assertThat(view().state()).isEqualTo(State.RESTS);
            assertThat(answer(publisher, "t")).isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
            assertThat(interceptor.asked).hasSize(asked);
            advance(2_000);
            assertThat(view().state()).isEqualTo(State.ASKED);
        }
    }

    @Test
    void slow_butInTime_isAskedOn() {
        FakeLink publisher = client("p");
        ScriptedInterceptor interceptor = hanging(700, PublishInterceptor.REFUSE, () -> {});

        for (int i = 0; i < 5; i++) {
            assertThat(answer(publisher, "t")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        }

        assertThat(interceptor.asked).hasSize(5);
        assertThat(view().state()).isEqualTo(State.ASKED);
        assertThat(view().counts().longest()).hasMillis(700);
        assertThat(view().counts().total()).hasMillis(3_500);
    }

    @Test
    void hanging_andGone_isStillSeen() {
        ScriptedInterceptor[] self = new ScriptedInterceptor[1];
        FakeLink other = connected(linkOnOtherLoop(), connect("o", true, 0));
        self[0] =
                hanging(
                        2_000,
                        PublishInterceptor.REFUSE,
                        () -> {
                            broker.interception().unbind(self[0]);
                            assertThat(view().state()).isEqualTo(State.HANGS);
                            assertThat(view().filters()).isEmpty();
                            assertThat(answer(other, "t"))
                                    .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
                        });

        answer(client("p"), "t");
        advance(1_000);

        assertThat(broker.interceptors()).isEmpty();
    }

    @Test
    void hanging_changedProperties_doNotMakeOthersAskIt() {
        ScriptedInterceptor[] self = new ScriptedInterceptor[1];
        FakeLink other = connected(linkOnOtherLoop(), connect("o", true, 0));
        self[0] =
                hanging(
                        2_000,
                        PublishInterceptor.REFUSE,
                        () -> {
                            bind(self[0], PublishInterceptor.REFUSE);
                            assertThat(answer(other, "t"))
                                    .isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
                        });

        answer(client("p"), "t");

        assertThat(self[0].asked).hasSize(1);
    }

    // ---- vanishes

    @Test
    void gone_messagesPassAsIfItHadNeverAsked() {
        ScriptedInterceptor interceptor =
                interceptor(
                        message -> PublishVerdict.refuse(ReasonCode.QUOTA_EXCEEDED, "no"),
                        PublishInterceptor.REFUSE);
        FakeLink publisher = client("p");
        assertThat(answer(publisher, "t")).isEqualTo(ReasonCode.QUOTA_EXCEEDED);

        broker.interception().unbind(interceptor);

        assertThat(answer(publisher, "t")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        assertThat(interceptor.asked).hasSize(1);
        assertThat(broker.interceptors()).isEmpty();
    }

    @Test
    void goneWhileItIsAsked_itsAnswerCounts() {
        ScriptedInterceptor[] self = new ScriptedInterceptor[1];
        self[0] =
                interceptor(
                        message -> {
                            broker.interception().unbind(self[0]);
                            return PublishVerdict.refuse(ReasonCode.QUOTA_EXCEEDED, "no");
                        },
                        PublishInterceptor.REFUSE);

        assertThat(answer(client("p"), "t")).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
    }

    @Test
    void goneWhileItIsAsked_andFailing_stillRefuses() {
        ScriptedInterceptor[] self = new ScriptedInterceptor[1];
        self[0] =
                interceptor(
                        message -> {
                            broker.interception().unbind(self[0]);
                            throw new NoClassDefFoundError("its bundle was uninstalled");
                        },
                        PublishInterceptor.REFUSE);

        assertThat(answer(client("p"), "t")).isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
    }

    private ScriptedInterceptor missed(String name, String... filters) {
        ScriptedInterceptor made = new ScriptedInterceptor(message -> PublishVerdict.PASS);
        bindMissed(made, name, filters);
        return made;
    }

    private void bindMissed(ScriptedInterceptor interceptor, String name, String... filters) {
        broker.interception()
                .bind(
                        interceptor,
                        Map.of(
                                PublishInterceptor.BLOCKING,
                                false,
                                PublishInterceptor.ON_ABSENCE,
                                PublishInterceptor.REFUSE,
                                PublishInterceptor.TOPIC_FILTER,
                                filters,
                                "component.name",
                                name));
    }

    @Test
    void goneAndMissed_itsTopicsAreRefusedUntilItIsBack() {
        ScriptedInterceptor interceptor = missed("contract", "t");
        FakeLink publisher = client("p");
        assertThat(answer(publisher, "t")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);

        broker.interception().unbind(interceptor);

        assertThat(answer(publisher, "t")).isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
        assertThat(answer(publisher, "other")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        assertThat(view().state()).isEqualTo(State.GONE);
        assertThat(view().filters()).containsExactly("t");
        assertThat(view().counts().failed()).isEqualTo(1);

        missed("contract", "t2");

        assertThat(answer(publisher, "t")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        assertThat(view().state()).isEqualTo(State.ASKED);
        assertThat(broker.interceptors()).hasSize(1);
    }

    @Test
    void goneAfterItWantedNothing_isNotMissed() {
        ScriptedInterceptor interceptor = missed("contract", "t");
        bindMissed(interceptor, "contract");

        broker.interception().unbind(interceptor);

        assertThat(answer(client("p"), "t")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        assertThat(broker.interceptors()).isEmpty();
    }
}
