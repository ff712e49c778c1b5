package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.ProviderView.State;
import io.busbar.api.broker.PublishResult;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.Publish;
import io.busbar.testkit.time.Await;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interceptor that does not say of itself that it never blocks. It may use two threads. */
@Timeout(60)
class BlockingInterceptorTest extends BrokerFixture {
    private final Hang hang = new Hang();

    @AfterEach
    void release() {
        hang.release();
    }

    private PublishInterceptor interceptor(
            Function<String, PublishVerdict> verdict, String onFailure) {
        PublishInterceptor made =
                (message, origin) ->
                        verdict.apply(new String(message.payload(), StandardCharsets.UTF_8));
        broker.interception()
                .bind(
                        made,
                        Map.of(
                                PublishInterceptor.TOPIC_FILTER,
                                "checked/#",
                                PublishInterceptor.ON_FAILURE,
                                onFailure,
                                "component.name",
                                "sql"));
        return made;
    }

    private PublishInterceptor hanging(String onFailure) {
        return interceptor(
                text -> {
                    if (text.startsWith("hang")) {
                        hang.here();
                    }
                    return PublishVerdict.PASS;
                },
                onFailure);
    }

    private InterceptorView view() {
        return broker.interceptors().get(0);
    }

    private static Publish qos1(String topic, String text, int packetId) {
        return publish(topic, text, Qos.AT_LEAST_ONCE, packetId);
    }

    @Test
    void hanging_keepsTheOrderOfItsPublisher_andNobodyElseWaits() {
        hanging(PublishInterceptor.REFUSE);
        FakeLink subscriber = subscriber("s", "#", Qos.AT_MOST_ONCE);
        FakeLink publisher = client("p");
        FakeLink other = client("o");

        publisher.says(
                qos1("checked/t", "hang", 1), qos1("free", "2", 2), qos1("checked/t", "3", 3));
        hang.awaitInside(1);
        assertThat(publisher.reading).isFalse();
        other.says(qos1("free", "other", 1)).next(PubAck.class);
        other.says(qos1("checked/t", "other too", 2)).await(PubAck.class);
        assertThat(subscriber.texts()).containsExactly("other", "other too");

        hang.release();

        for (int packetId = 1; packetId <= 3; packetId++) {
            PubAck answer = publisher.await(PubAck.class);
            assertThat(answer.packetId()).isEqualTo(packetId);
            assertThat(answer.reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        }
        assertThat(publisher.reading).isTrue();
        assertThat(subscriber.texts()).containsExactly("hang", "2", "3");
        assertThat(broker.rejections().list()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {PublishInterceptor.REFUSE, PublishInterceptor.PASS})
    void late_countsAsFailed_andIsInterrupted(String onFailure) {
        hanging(onFailure);
        FakeLink subscriber = subscriber("s", "#", Qos.AT_MOST_ONCE);
        FakeLink publisher = client("p").says(qos1("checked/t", "hang", 1));
        hang.awaitInside(1);

        advance(1_000);

        boolean passes = onFailure.equals(PublishInterceptor.PASS);
        assertThat(publisher.await(PubAck.class).reasonCode())
                .isEqualTo(passes ? ReasonCode.SUCCESS : ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
        assertThat(subscriber.texts()).hasSize(passes ? 1 : 0);
        assertThat(view().state()).isEqualTo(State.LATE);
        assertThat(view().counts().failed()).isEqualTo(1);
        Await.until(() -> hang.interrupted() == 1);
        if (!passes) {
            assertThat(broker.rejections().list().get(0).cause())
                    .isEqualTo(Rejection.Cause.INTERCEPTOR_FAILED);
            assertThat(broker.rejections().list().get(0).what().detail())
                    .isEqualTo("sql gave no answer within 1000 ms");
        }

        hang.release();
        Await.until(() -> view().state() == State.ASKED);
        assertThat(publisher.says(qos1("checked/t", "well", 2)).await(PubAck.class).reasonCode())
                .isEqualTo(ReasonCode.SUCCESS);
    }

    @Test
    void allItsThreadsHang_refusedAtOnce() {
        hanging(PublishInterceptor.REFUSE);
        client("p1").says(qos1("checked/t", "hang", 1));
        client("p2").says(qos1("checked/t", "hang", 1));
        hang.awaitInside(2);
        advance(1_000);
        assertThat(view().state()).isEqualTo(State.HANGS);

        assertThat(client("p3").says(qos1("checked/t", "well", 1)).await(PubAck.class).reasonCode())
                .isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
    }

    @Test
    void gone_itIsInterrupted_andTheMessageIsNotLeftWaiting() {
        PublishInterceptor gone = hanging(PublishInterceptor.PASS);
        FakeLink publisher = client("p").says(qos1("checked/t", "hang", 1));
        hang.awaitInside(1);

        broker.interception().unbind(gone);

        assertThat(publisher.await(PubAck.class).reasonCode())
                .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        Await.until(() -> hang.interrupted() == 1);
        assertThat(broker.interceptors()).isEmpty();
    }

    @Test
    void connectionThatEndsMeanwhile_itsMessageIsAsIfItHadNotCome() {
        hanging(PublishInterceptor.REFUSE);
        FakeLink subscriber = subscriber("s", "#", Qos.AT_MOST_ONCE);
        FakeLink publisher =
                connected(connect("p", true, will("gone", 0), properties(0, 10, 10_000)));
        publisher.says(publish("checked/t", "hang", Qos.EXACTLY_ONCE, 1));
        hang.awaitInside(1);

        publisher.lose();
        advance(500);
        hang.release();
        Await.until(
                () -> {
                    settle();
                    return view().counts().total().toMillis() == 500;
                });

        assertThat(subscriber.texts()).containsExactly("gone");
    }

    @Test
    void verdicts_areThoseOfOneOnTheLoop_alsoTogetherWithOne() {
        interceptor(
                text ->
                        switch (text) {
                            case "annotate" ->
                                    PublishVerdict.annotate(
                                            List.of(new UserProperty("by", "sql")), "seen");
                            case "divert" -> PublishVerdict.divert("kept");
                            case "refuse" -> PublishVerdict.refuse(ReasonCode.QUOTA_EXCEEDED, "no");
                            case "throw" -> throw new IllegalStateException("test");
                            case "null" -> null;
                            default -> PublishVerdict.PASS;
                        },
                PublishInterceptor.REFUSE);
        List<String> second = new ArrayList<>();
        broker.interception()
                .bind(
                        (message, origin) -> {
                            second.add(
                                    new String(message.payload(), StandardCharsets.UTF_8)
                                            + message.properties().userProperties().size());
                            return PublishVerdict.PASS;
                        },
                        Map.of(
                                PublishInterceptor.BLOCKING,
                                false,
                                PublishInterceptor.TOPIC_FILTER,
                                "#",
                                "service.ranking",
                                -1));
        FakeLink publisher = client("p");

        assertThat(publisher.says(qos1("checked/t", "annotate", 1)).await(PubAck.class))
                .satisfies(ack -> assertThat(ack.details().reasonString()).isEqualTo("seen"));
        assertThat(answer(publisher, "divert")).isEqualTo(ReasonCode.SUCCESS);
        assertThat(answer(publisher, "refuse")).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(answer(publisher, "throw")).isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
        assertThat(answer(publisher, "null")).isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
        assertThat(answer(publisher, "pass")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        publisher.says(publish("checked/t", "refuse", Qos.EXACTLY_ONCE, 9));
        assertThat(publisher.await(PubRec.class).reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(second).containsExactly("annotate1", "pass0");
    }

    private static ReasonCode answer(FakeLink publisher, String text) {
        return publisher.says(qos1("checked/t", text, 1)).await(PubAck.class).reasonCode();
    }

    @Test
    void will_isJudgedToo() {
        interceptor(
                text -> PublishVerdict.refuse(ReasonCode.NOT_AUTHORIZED, "no wills"),
                PublishInterceptor.REFUSE);
        FakeLink subscriber = subscriber("s", "#", Qos.AT_MOST_ONCE);

        connected(connect("p", true, will("checked/w", 0), properties(0, 10, 10_000))).lose();

        Await.until(
                () -> {
                    settle();
                    return !broker.rejections().list().isEmpty();
                });
        assertThat(broker.rejections().list().get(0).cause())
                .isEqualTo(Rejection.Cause.REFUSED_BY_INTERCEPTOR);
        assertThat(subscriber.texts()).isEmpty();
    }

    private CompletableFuture<PublishResult> publishAsServer(String topic, String text) {
        return broker.publish(
                        new Message(
                                TopicName.of(topic),
                                bytes(text),
                                Qos.AT_LEAST_ONCE,
                                false,
                                MessageProperties.NONE,
                                Publisher.SERVER,
                                0))
                .toCompletableFuture();
    }

    @Test
    void messagesOfTheServer_stayInOrderPerTopic_andOtherTopicsDoNotWait() {
        hanging(PublishInterceptor.REFUSE);
        FakeLink subscriber = subscriber("s", "#", Qos.AT_MOST_ONCE);
        CompletableFuture<PublishResult> first = publishAsServer("checked/t", "hang");
        CompletableFuture<PublishResult> second = publishAsServer("checked/t", "2");
        CompletableFuture<PublishResult> third = publishAsServer("checked/t", "3");
        settle();
        hang.awaitInside(1);
        publishAsServer("checked/u", "other");
        Await.until(() -> subscriber.texts().equals(List.of("other")));
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();

        hang.release();

        Await.until(
                () -> {
                    settle();
                    return first.isDone() && second.isDone() && third.isDone();
                });
        assertThat(subscriber.texts()).containsExactly("hang", "2", "3");
    }

    /** Asked on event loops, but for messages that begin with "slow". */
    private void sometimesElsewhere(PublishInterceptor elsewhere, String onFailure) {
        PublishInterceptor made =
                new PublishInterceptor() {
                    @Override
                    public PublishVerdict intercept(Message message, PublishOrigin origin) {
                        return text(message).startsWith("slow")
                                ? PublishVerdict.ELSEWHERE
                                : PublishVerdict.PASS;
                    }

                    @Override
                    public PublishVerdict interceptElsewhere(
                            Message message, PublishOrigin origin) {
                        return elsewhere.intercept(message, origin);
                    }
                };
        broker.interception()
                .bind(
                        made,
                        Map.of(
                                PublishInterceptor.TOPIC_FILTER,
                                "checked/#",
                                PublishInterceptor.ON_FAILURE,
                                onFailure,
                                PublishInterceptor.BLOCKING,
                                false,
                                "component.name",
                                "gate"));
    }

    private static String text(Message message) {
        return new String(message.payload(), StandardCharsets.UTF_8);
    }

    @Test
    void elsewhere_onlyItsPublisherWaits_andTheOrderIsKept() {
        sometimesElsewhere(
                (message, origin) -> {
                    hang.here();
                    return PublishVerdict.divert("kept");
                },
                PublishInterceptor.REFUSE);
        FakeLink subscriber = subscriber("s", "#", Qos.AT_MOST_ONCE);
        FakeLink publisher = client("p");

        publisher.says(qos1("checked/t", "slow", 1), qos1("checked/t", "2", 2));
        hang.awaitInside(1);
        assertThat(publisher.reading).isFalse();
        client("o").says(qos1("checked/t", "other", 1)).next(PubAck.class);
        assertThat(subscriber.texts()).containsExactly("other");

        hang.release();

        assertThat(publisher.await(PubAck.class).packetId()).isEqualTo(1);
        assertThat(publisher.await(PubAck.class).packetId()).isEqualTo(2);
        assertThat(subscriber.texts()).containsExactly("2");
        assertThat(view().counts().diverted()).isEqualTo(1);
        assertThat(view().counts().asked()).isEqualTo(3);
    }

    @Test
    void elsewhere_thatIsLate_isDecidedByOnFailure_andMessagesOnTheLoopGoOn() {
        sometimesElsewhere(
                (message, origin) -> {
                    hang.here();
                    return PublishVerdict.PASS;
                },
                PublishInterceptor.REFUSE);
        FakeLink publisher = client("p").says(qos1("checked/t", "slow", 1));
        hang.awaitInside(1);

        advance(1_000);

        assertThat(publisher.await(PubAck.class).reasonCode())
                .isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
        assertThat(view().state()).isEqualTo(State.LATE);
        assertThat(publisher.says(qos1("checked/t", "2", 2)).await(PubAck.class).reasonCode())
                .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {PublishInterceptor.REFUSE, PublishInterceptor.PASS})
    void elsewhereAgain_isAFailure(String onFailure) {
        sometimesElsewhere((message, origin) -> PublishVerdict.ELSEWHERE, onFailure);

        ReasonCode told =
                client("p").says(qos1("checked/t", "slow", 1)).await(PubAck.class).reasonCode();

        assertThat(told)
                .isEqualTo(
                        onFailure.equals(PublishInterceptor.PASS)
                                ? ReasonCode.NO_MATCHING_SUBSCRIBERS
                                : ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
        assertThat(view().counts().failed()).isEqualTo(1);
    }
}
