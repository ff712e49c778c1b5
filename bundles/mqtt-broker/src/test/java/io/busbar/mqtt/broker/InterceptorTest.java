package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.BrokerStats;
import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.PublishResult;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.ReasonDetails;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every answer of an interceptor, at every door. */
class InterceptorTest extends BrokerFixture {
    private static final PublishVerdict REFUSED =
            PublishVerdict.refuse(
                    ReasonCode.PAYLOAD_FORMAT_INVALID, "temperature: expected a number");
    private static final PublishVerdict REFUSED_OR_CLOSED =
            new PublishVerdict.Refuse(
                    ReasonCode.PAYLOAD_FORMAT_INVALID, "temperature: expected a number", true);
    private static final PublishVerdict DIVERTED = PublishVerdict.divert("kept for people");
    private static final UserProperty INVALID = new UserProperty("uns-valid", "false");
    private static final PublishVerdict ANNOTATED =
            PublishVerdict.annotate(List.of(INVALID), "humidity: unknown field");

    private ScriptedInterceptor interceptor(
            int ranking, Function<Message, PublishVerdict> script, String... filters) {
        ScriptedInterceptor made = new ScriptedInterceptor(script);
        broker.interception()
                .bind(
                        made,
                        Map.of(
                                PublishInterceptor.BLOCKING,
                                false,
                                PublishInterceptor.TOPIC_FILTER,
                                filters,
                                "service.ranking",
                                ranking));
        return made;
    }

    private ScriptedInterceptor answers(PublishVerdict verdict) {
        return interceptor(0, message -> verdict, "t");
    }

    private static PublishVerdict deny(Message message) {
        return REFUSED;
    }

    private FakeLink client311(String clientId) {
        return connected(connect311(clientId, true));
    }

    /** Publishes with a Packet Identifier of 7, if there is one; completes QoS 2. */
    private static ReasonDetails acknowledged(FakeLink publisher, Qos qos, ReasonCode code) {
        publisher.says(publish("t", "x", qos, qos == Qos.AT_MOST_ONCE ? 0 : 7));
        switch (qos) {
            case AT_MOST_ONCE -> {
                assertThat(publisher.sent).isEmpty();
                return ReasonDetails.NONE;
            }
            case AT_LEAST_ONCE -> {
                PubAck answer = publisher.next(PubAck.class);
                assertThat(answer.reasonCode()).isEqualTo(code);
                return answer.details();
            }
            default -> {
                PubRec answer = publisher.next(PubRec.class);
                assertThat(answer.reasonCode()).isEqualTo(code);
                if (!code.isError()) {
                    publisher.says(new PubRel(7, ReasonCode.SUCCESS));
                    assertThat(publisher.next(PubComp.class).reasonCode())
                            .isEqualTo(ReasonCode.SUCCESS);
                }
                return answer.details();
            }
        }
    }

    // ---- what it sees

    @Test
    void asked_seesTheMessageAndHowItCameIn() {
        ScriptedInterceptor interceptor = answers(PublishVerdict.PASS);
        byte[] payload = bytes("21.5");
        UserProperty own = new UserProperty("unit", "CEL");
        MessageProperties properties =
                new MessageProperties(1, 60, "text/plain", null, null, List.of(own));

        client("p")
                .says(
                        new Publish(
                                false,
                                Qos.AT_LEAST_ONCE,
                                true,
                                1,
                                TopicName.of("t"),
                                0,
                                properties,
                                NONE,
                                payload));

        Message seen = interceptor.asked.get(0);
        assertThat(seen.topic().value()).isEqualTo("t");
        assertThat(seen.payload()).isSameAs(payload); // no copy
        assertThat(seen.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(seen.retain()).isTrue();
        assertThat(seen.properties()).isEqualTo(properties);
        assertThat(seen.publisher().clientId()).isEqualTo("p");
        assertThat(interceptor.origins.get(0))
                .isEqualTo(
                        new PublishOrigin(
                                PublishOrigin.Door.CLIENT, ProtocolVersion.MQTT_5_0, "test"));
    }

    @Test
    void asked_forItsTopicsAlone() {
        ScriptedInterceptor one = interceptor(0, InterceptorTest::deny, "a/+", "b");
        ScriptedInterceptor all = interceptor(1, message -> PublishVerdict.PASS, "#");
        FakeLink subscriber = subscriber("s", "#", Qos.AT_MOST_ONCE);
        FakeLink publisher = client("p");

        for (String topic : List.of("a", "a/1", "a/1/2", "b", "b/1", "a/1", "c")) {
            publisher.says(publish(topic, topic, Qos.AT_MOST_ONCE, 0));
        }
        broker.publish(message("$SYS/x", "", Qos.AT_MOST_ONCE));
        loops.settle();

        assertThat(one.askedTexts()).containsExactly("a/1", "b", "a/1");
        assertThat(all.askedTexts()).containsExactly("a", "a/1", "a/1/2", "b", "b/1", "a/1", "c");
        assertThat(subscriber.texts()).containsExactly("a", "a/1/2", "b/1", "c");
    }

    @Test
    void asked_afterTheRights() {
        access.publishing(topic -> false);
        ScriptedInterceptor interceptor = answers(PublishVerdict.PASS);

        client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 1));

        assertThat(interceptor.asked).isEmpty();
    }

    @Test
    void asked_withATopicAlias_seesTheTopic() {
        ScriptedInterceptor interceptor = answers(PublishVerdict.PASS);
        FakeLink publisher = client("p");

        for (TopicName topic : new TopicName[] {TopicName.of("t"), null}) {
            publisher.says(
                    new Publish(
                            false,
                            Qos.AT_MOST_ONCE,
                            false,
                            0,
                            topic,
                            1,
                            MessageProperties.NONE,
                            NONE,
                            bytes("x")));
        }

        assertThat(interceptor.asked).hasSize(2);
    }

    // ---- pass

    @ParameterizedTest
    @EnumSource
    void pass_goesOnAsItCame(Qos qos) {
        answers(PublishVerdict.PASS);
        FakeLink subscriber = subscriber("s", "t", Qos.EXACTLY_ONCE);

        assertThat(acknowledged(client("p"), qos, ReasonCode.SUCCESS))
                .isEqualTo(ReasonDetails.NONE);
        assertThat(acknowledged(client311("p3"), qos, ReasonCode.SUCCESS))
                .isEqualTo(ReasonDetails.NONE);

        assertThat(subscriber.texts()).containsExactly("x", "x");
    }

    // ---- annotate

    @ParameterizedTest
    @EnumSource
    void annotate_isDeliveredWithMoreProperties_andSaidWithSuccess(Qos qos) {
        answers(ANNOTATED);
        FakeLink subscriber = subscriber("s", "t", Qos.AT_MOST_ONCE);

        String told = acknowledged(client("p"), qos, ReasonCode.SUCCESS).reasonString();

        assertThat(told).isEqualTo(qos == Qos.AT_MOST_ONCE ? null : "humidity: unknown field");
        assertThat(subscriber.next(Publish.class).properties().userProperties())
                .containsExactly(INVALID);
        assertThat(broker.rejections().list()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void annotate_ofMqtt3_isDeliveredWithMoreProperties(Qos qos) {
        answers(ANNOTATED);
        FakeLink subscriber = subscriber("s", "t", Qos.AT_MOST_ONCE);

        acknowledged(client311("p"), qos, ReasonCode.SUCCESS);

        assertThat(subscriber.next(Publish.class).properties().userProperties())
                .containsExactly(INVALID);
    }

    @Test
    void annotate_withoutSubscribers_saysBoth() {
        answers(ANNOTATED);

        assertThat(
                        acknowledged(
                                        client("p"),
                                        Qos.AT_LEAST_ONCE,
                                        ReasonCode.NO_MATCHING_SUBSCRIBERS)
                                .reasonString())
                .isEqualTo("humidity: unknown field");
    }

    @Test // [MQTT5-3.3.2-17] [MQTT5-3.3.2-18]
    void annotations_ofSeveral_addUpBehindThePublishersOwn() {
        UserProperty own = new UserProperty("unit", "CEL");
        UserProperty second = new UserProperty("site", "north");
        interceptor(1, message -> PublishVerdict.annotate(List.of(second), "second"), "t");
        ScriptedInterceptor last =
                interceptor(0, message -> PublishVerdict.annotate(List.of(), "third"), "t");
        interceptor(2, message -> ANNOTATED, "t");
        FakeLink subscriber = subscriber("s", "t", Qos.AT_MOST_ONCE);

        FakeLink publisher =
                client("p")
                        .says(
                                new Publish(
                                        false,
                                        Qos.AT_LEAST_ONCE,
                                        false,
                                        7,
                                        TopicName.of("t"),
                                        0,
                                        new MessageProperties(
                                                1, 60, "text/plain", "re", null, List.of(own)),
                                        NONE,
                                        bytes("x")));

        MessageProperties delivered = subscriber.next(Publish.class).properties();
        assertThat(delivered.userProperties()).containsExactly(own, INVALID, second);
        assertThat(delivered.contentType()).isEqualTo("text/plain");
        assertThat(delivered.messageExpirySeconds()).isEqualTo(60);
        assertThat(last.asked.get(0).properties().userProperties())
                .containsExactly(own, INVALID, second);
        assertThat(publisher.next(PubAck.class).details().reasonString())
                .isEqualTo("humidity: unknown field; second; third");
    }

    @Test
    void annotate_isRetainedWithMoreProperties() {
        answers(ANNOTATED);
        client("p").says(retain("t", "x"));

        assertThat(
                        subscriber("s", "t", Qos.AT_MOST_ONCE)
                                .next(Publish.class)
                                .properties()
                                .userProperties())
                .containsExactly(INVALID);
    }

    // ---- divert

    @ParameterizedTest
    @EnumSource
    void divert_isAcknowledgedButNotDelivered(Qos qos) {
        ScriptedInterceptor interceptor = answers(DIVERTED);
        FakeLink subscriber = subscriber("s", "t", Qos.EXACTLY_ONCE);

        String told = acknowledged(client("p"), qos, ReasonCode.SUCCESS).reasonString();
        acknowledged(client311("p3"), qos, ReasonCode.SUCCESS);

        assertThat(told).isEqualTo(qos == Qos.AT_MOST_ONCE ? null : "kept for people");
        assertThat(interceptor.asked).hasSize(2);
        assertThat(subscriber.texts()).isEmpty();
        assertThat(broker.rejections().list()).isEmpty();
    }

    @Test
    void divert_neitherRetainsNorRemovesARetainedMessage() {
        client("p").says(retain("t", "before"));
        answers(DIVERTED);

        client("q").says(retain("t", "after"), retain("t", ""));

        assertThat(subscriber("s", "t", Qos.AT_MOST_ONCE).texts()).containsExactly("before");
    }

    @Test // [MQTT5-4.3.3-10]
    void divert_ofQos2SentAgain_isAskedOnce() {
        ScriptedInterceptor interceptor = answers(DIVERTED);
        FakeLink publisher = client("p");

        publisher.says(
                publish("t", "x", Qos.EXACTLY_ONCE, 7), publish("t", "x", Qos.EXACTLY_ONCE, 7));

        assertThat(publisher.next(PubRec.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(publisher.next(PubRec.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(interceptor.asked).hasSize(1);
    }

    // ---- refuse

    @ParameterizedTest
    @EnumSource
    void refuse_tellsMqtt5AndIsListed(Qos qos) {
        ScriptedInterceptor second = interceptor(-1, message -> PublishVerdict.PASS, "t");
        answers(REFUSED);
        FakeLink subscriber = subscriber("s", "t", Qos.EXACTLY_ONCE);
        FakeLink publisher = client("p");

        String told =
                acknowledged(publisher, qos, ReasonCode.PAYLOAD_FORMAT_INVALID).reasonString();

        assertThat(told)
                .isEqualTo(qos == Qos.AT_MOST_ONCE ? null : "temperature: expected a number");
        assertThat(publisher.closed).isFalse();
        assertThat(second.asked).isEmpty();
        assertThat(subscriber.texts()).isEmpty();
        Rejection listed = broker.rejections().list().get(0);
        assertThat(listed.kind()).isEqualTo(Rejection.Kind.PUBLISH);
        assertThat(listed.cause()).isEqualTo(Rejection.Cause.REFUSED_BY_INTERCEPTOR);
        assertThat(listed.reason()).isEqualTo(ReasonCode.PAYLOAD_FORMAT_INVALID);
        assertThat(listed.who().clientId()).isEqualTo("p");
        assertThat(listed.what().topic()).isEqualTo("t");
        assertThat(listed.what().detail()).isEqualTo("temperature: expected a number");
    }

    @ParameterizedTest
    @EnumSource
    void refuse_ofMqtt3_isAcknowledgedAndDropped(Qos qos) {
        answers(REFUSED);
        FakeLink subscriber = subscriber("s", "t", Qos.EXACTLY_ONCE);
        FakeLink publisher = client311("p");

        acknowledged(publisher, qos, ReasonCode.SUCCESS);

        assertThat(publisher.closed).isFalse();
        assertThat(subscriber.texts()).isEmpty();
        assertThat(broker.rejections().list()).hasSize(1);
    }

    @Test // [MQTT5-4.3.3-9]
    void refuse_ofQos2_endsTheExchange() {
        ScriptedInterceptor interceptor = answers(REFUSED);
        FakeLink subscriber = subscriber("s", "t", Qos.EXACTLY_ONCE);
        FakeLink publisher = client("p");

        // More than the server's Receive Maximum: each one is over with its PUBREC.
        for (int i = 0; i < 25; i++) {
            publisher.says(publish("t", "x", Qos.EXACTLY_ONCE, 7));
            assertThat(publisher.next(PubRec.class).reasonCode())
                    .isEqualTo(ReasonCode.PAYLOAD_FORMAT_INVALID);
        }
        publisher.says(new PubRel(7, ReasonCode.SUCCESS));
        assertThat(publisher.next(PubComp.class).reasonCode())
                .isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
        interceptor.script = message -> PublishVerdict.PASS;
        publisher.says(publish("t", "good", Qos.EXACTLY_ONCE, 7));

        assertThat(publisher.next(PubRec.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(subscriber.texts()).containsExactly("good");
    }

    @Test
    void refuse_leavesTheRetainedMessage() {
        client("p").says(retain("t", "before"));
        answers(REFUSED);

        client("q").says(retain("t", "after"), retain("t", ""));

        assertThat(subscriber("s", "t", Qos.AT_MOST_ONCE).texts()).containsExactly("before");
    }

    @Test
    void refuseOrClose_atQos0_closesMqtt5WithTheReason() {
        answers(REFUSED_OR_CLOSED);
        FakeLink publisher = client("p").says(publish("t", "x", Qos.AT_MOST_ONCE, 0));

        Disconnect told = publisher.next(Disconnect.class);
        assertThat(told.reasonCode()).isEqualTo(ReasonCode.PAYLOAD_FORMAT_INVALID);
        assertThat(told.details().reasonString()).isEqualTo("temperature: expected a number");
        assertThat(publisher.closed).isTrue();
        assertThat(broker.rejections().list()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = "AT_MOST_ONCE", mode = EnumSource.Mode.EXCLUDE)
    void refuseOrClose_tellsMqtt5AndKeepsItConnected(Qos qos) {
        answers(REFUSED_OR_CLOSED);
        FakeLink publisher = client("p");

        acknowledged(publisher, qos, ReasonCode.PAYLOAD_FORMAT_INVALID);

        assertThat(publisher.closed).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void refuseOrClose_closesMqtt3WithoutAcknowledging(Qos qos) {
        answers(REFUSED_OR_CLOSED);
        FakeLink publisher =
                client311("p").says(publish("t", "x", qos, qos == Qos.AT_MOST_ONCE ? 0 : 7));

        assertThat(publisher.sent).isEmpty();
        assertThat(publisher.closed).isTrue();
    }

    @Test // [MQTT5-4.6.0-2]
    void answers_comeInTheOrderOfTheMessages() {
        interceptor(0, InterceptorTest::deny, "bad");
        interceptor(0, message -> DIVERTED, "odd");
        FakeLink publisher = client("p");

        publisher.says(
                publish("good", "x", Qos.AT_LEAST_ONCE, 1),
                publish("bad", "x", Qos.AT_LEAST_ONCE, 2),
                publish("odd", "x", Qos.AT_LEAST_ONCE, 3),
                publish("good", "x", Qos.AT_LEAST_ONCE, 4));

        assertThat(
                        publisher.sent.stream()
                                .map(Packet.class::cast)
                                .map(p -> ((PubAck) p).packetId()))
                .containsExactly(1, 2, 3, 4);
    }

    // ---- several

    @Test
    void several_areAskedByRanking_andTheFirstRefusalIsTheLastWord() {
        ScriptedInterceptor low = interceptor(1, message -> DIVERTED, "#");
        ScriptedInterceptor middle = interceptor(5, InterceptorTest::deny, "+");
        ScriptedInterceptor high = interceptor(9, message -> PublishVerdict.PASS, "t", "+");
        FakeLink publisher = client("p");

        acknowledged(publisher, Qos.AT_LEAST_ONCE, ReasonCode.PAYLOAD_FORMAT_INVALID);
        assertThat(high.asked).hasSize(1);
        assertThat(middle.asked).hasSize(1);
        assertThat(low.asked).isEmpty();

        rebind(low, 7, "#");
        acknowledged(publisher, Qos.AT_LEAST_ONCE, ReasonCode.SUCCESS);
        assertThat(middle.asked).hasSize(1);
        assertThat(low.asked).hasSize(1);
    }

    private void rebind(ScriptedInterceptor interceptor, int ranking, Object filters) {
        broker.interception()
                .bind(
                        interceptor,
                        Map.of(
                                PublishInterceptor.BLOCKING,
                                false,
                                PublishInterceptor.TOPIC_FILTER,
                                filters,
                                "service.ranking",
                                ranking));
    }

    @Test
    void filtersThatChange_countFromTheNextMessageOn() {
        ScriptedInterceptor interceptor = answers(REFUSED);
        FakeLink publisher = client("p");
        acknowledged(publisher, Qos.AT_LEAST_ONCE, ReasonCode.PAYLOAD_FORMAT_INVALID);

        rebind(interceptor, 0, List.of("other", "no/#/filter"));
        acknowledged(publisher, Qos.AT_LEAST_ONCE, ReasonCode.NO_MATCHING_SUBSCRIBERS);
        rebind(interceptor, 0, "t");
        acknowledged(publisher, Qos.AT_LEAST_ONCE, ReasonCode.PAYLOAD_FORMAT_INVALID);

        InterceptorView view = broker.interceptors().get(0);
        assertThat(view.filters()).containsExactly("t");
        assertThat(view.counts().asked()).isEqualTo(2);
        assertThat(view.counts().refused()).isEqualTo(2);
    }

    @Test
    void stats_countWhatTheyDid() {
        ScriptedInterceptor interceptor = answers(DIVERTED);
        FakeLink publisher = client("p");

        publisher.says(publish("t", "x", Qos.AT_MOST_ONCE, 0));
        interceptor.script = InterceptorTest::deny;
        publisher.says(publish("t", "x", Qos.AT_MOST_ONCE, 0));
        interceptor.script = message -> null;
        publisher.says(publish("t", "x", Qos.AT_MOST_ONCE, 0));

        assertThat(broker.stats().interception()).isEqualTo(new BrokerStats.Interception(2, 1, 1));
        assertThat(broker.stats().losses().denied()).isZero();
    }

    // ---- wills

    private FakeLink dying() {
        return connected(connect("d", false, will("t", 0), properties(0, 10, 10_000)));
    }

    @Test
    void will_isSeenAsSuch() {
        ScriptedInterceptor interceptor = answers(PublishVerdict.PASS);
        FakeLink watcher = subscriber("w", "t", Qos.AT_LEAST_ONCE);

        dying().lose();

        assertThat(interceptor.origins).containsExactly(PublishOrigin.WILL);
        assertThat(interceptor.asked.get(0).publisher().clientId()).isEqualTo("d");
        assertThat(watcher.texts()).containsExactly("gone");
    }

    @Test
    void will_annotated_isSentWithMoreProperties() {
        answers(ANNOTATED);
        FakeLink watcher = subscriber("w", "t", Qos.AT_LEAST_ONCE);

        dying().lose();

        assertThat(watcher.next(Publish.class).properties().userProperties())
                .containsExactly(INVALID);
    }

    @Test
    void will_refused_isNotSentButListed() {
        answers(REFUSED);
        FakeLink watcher = subscriber("w", "t", Qos.AT_LEAST_ONCE);

        dying().lose();

        assertThat(watcher.texts()).isEmpty();
        Rejection listed = broker.rejections().list().get(0);
        assertThat(listed.cause()).isEqualTo(Rejection.Cause.REFUSED_BY_INTERCEPTOR);
        assertThat(listed.who().clientId()).isEqualTo("d");
        assertThat(listed.what().detail())
                .isEqualTo("the Will Message was not sent: temperature: expected a number");
    }

    @Test
    void will_diverted_isNotSent() {
        answers(DIVERTED);
        FakeLink watcher = subscriber("w", "t", Qos.AT_LEAST_ONCE);

        dying().lose();

        assertThat(watcher.texts()).isEmpty();
        assertThat(broker.rejections().list()).isEmpty();
    }

    // ---- the server's own

    private Message message(String topic, String text, Qos qos) {
        return new Message(
                TopicName.of(topic),
                bytes(text),
                qos,
                false,
                MessageProperties.NONE,
                new Publisher("", "Ada", "", null),
                loops.clock().millis());
    }

    private PublishResult published() {
        CompletableFuture<PublishResult> result =
                broker.publish(message("t", "x", Qos.AT_LEAST_ONCE)).toCompletableFuture();
        loops.settle();
        assertThat(result).isCompleted();
        return result.join();
    }

    @Test
    void server_hasTheBoundsOfTopics() {
        CompletableFuture<PublishResult> result =
                broker.publish(message("l" + "/l".repeat(200), "x", Qos.AT_LEAST_ONCE))
                        .toCompletableFuture();
        loops.settle();

        assertThat(result.join().code()).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
    }

    @Test
    void server_isToldInItsAnswer() {
        FakeLink subscriber = subscriber("s", "t", Qos.AT_MOST_ONCE);
        ScriptedInterceptor interceptor = answers(PublishVerdict.PASS);

        assertThat(published()).isEqualTo(PublishResult.of(ReasonCode.SUCCESS));
        interceptor.script = message -> ANNOTATED;
        assertThat(published())
                .isEqualTo(new PublishResult(ReasonCode.SUCCESS, "humidity: unknown field"));
        interceptor.script = message -> DIVERTED;
        assertThat(published())
                .isEqualTo(new PublishResult(ReasonCode.SUCCESS, "kept for people", true));
        interceptor.script = InterceptorTest::deny;
        assertThat(published())
                .isEqualTo(
                        new PublishResult(
                                ReasonCode.PAYLOAD_FORMAT_INVALID,
                                "temperature: expected a number"));

        assertThat(subscriber.texts()).containsExactly("x", "x");
        assertThat(interceptor.origins).containsOnly(PublishOrigin.SERVER);
        assertThat(interceptor.asked.get(0).publisher().description()).isEqualTo("Ada");
    }
}
