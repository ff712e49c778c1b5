package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.Ruling;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.Permissions.SubscribeDecision;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.MessageSubscriber;
import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.explain.Explanation;
import io.busbar.api.explain.Fate;
import io.busbar.api.explain.Question;
import io.busbar.api.explain.Receiver;
import io.busbar.api.explain.Remark;
import io.busbar.api.explain.WhatIf;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.testkit.access.ScriptedAccess;
import io.busbar.testkit.time.Await;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Situations that are set up by hand, and what is said of each. */
class ExplainTest extends ExplainFixture {

    // ---- who published it

    @Test
    void sender_thatIsConnected_isNamed_withItsConnectionAndTheRuleThatLetsIt() {
        rules.put(
                "p",
                List.of(
                        allow(Action.SUBSCRIBE, "#"),
                        allow(Action.PUBLISH, "plant/#"),
                        allow(Action.BOTH, "plant/line1/#")));
        FakeLink publisher = client("p");
        String address = broker.clients().get("p").orElseThrow().address();
        publisher.says(publish(TOPIC, "1", Qos.AT_MOST_ONCE, 0));
        Message message =
                new Message(
                        TopicName.of(TOPIC),
                        bytes("1"),
                        Qos.AT_MOST_ONCE,
                        false,
                        MessageProperties.NONE,
                        new Publisher("test:p", "The p", "p", address),
                        loops.clock().millis());

        var sender = explain(message).sender();

        assertThat(sender.sameConnection()).isTrue();
        assertThat(sender.client().listener()).isEqualTo("test");
        assertThat(sender.client().version().toString()).contains("5");
        assertThat(sender.ruling()).isEqualTo(Ruling.by(allow(Action.BOTH, "plant/line1/#"), 3));
    }

    @Test
    void sender_thatHasConnectedAgain_cameByAnotherConnection() {
        client("p");

        var sender = explain(message("p", Qos.AT_LEAST_ONCE)).sender();

        assertThat(sender.client()).isNotNull();
        assertThat(sender.sameConnection()).isFalse();
    }

    @Test
    void sender_thatHasGone_isWhatTheMessageSays() {
        client("p").lose();

        var sender = explain(message("p", Qos.AT_LEAST_ONCE)).sender();

        assertThat(sender.client()).isNull();
        assertThat(sender.ruling()).isNull();
        assertThat(sender.publisher().clientId()).isEqualTo("p");
    }

    @Test
    void sender_whoseRightsWereTaken_mayNotPublishAnyMore_andTheRuleIsNamed() {
        client("p");
        AclRule deny = deny(Action.PUBLISH, "plant/#");
        rules.put("p", List.of(AclRule.ALLOW_ALL, deny));
        broker.clients().update(principal("p"), Actor.SERVER);

        Ruling ruling = explain(message("p", Qos.AT_LEAST_ONCE)).sender().ruling();

        assertThat(ruling).isEqualTo(Ruling.by(deny, 2));
    }

    // ---- what is refused before

    @Test
    void publishThatWasRefused_isAmongTheRefusals_withTheRule() {
        rules.put("p", List.of(allow(Action.PUBLISH, "other/#")));
        client("p").says(publish(TOPIC, "1", Qos.AT_LEAST_ONCE, 1));

        List<Rejection> refused = explain(message("", Qos.AT_LEAST_ONCE)).refused();

        assertThat(refused).hasSize(1);
        assertThat(refused.get(0).cause()).isEqualTo(Rejection.Cause.PUBLISH_DENIED);
        assertThat(refused.get(0).what().detail()).contains("no rule allows to publish");
    }

    @Test
    void interceptor_thatJudgesTheTopic_isNamed_andWhatItRefused() {
        broker.interception()
                .bind(
                        new ScriptedInterceptor(
                                each ->
                                        PublishVerdict.refuse(
                                                ReasonCode.PAYLOAD_FORMAT_INVALID, "no number")),
                        Map.of(
                                PublishInterceptor.TOPIC_FILTER,
                                "plant/#",
                                "component.name",
                                "numbers",
                                PublishInterceptor.BLOCKING,
                                false));
        client("p").says(publish(TOPIC, "x", Qos.AT_LEAST_ONCE, 1));

        Explanation explanation = explain(message("p", Qos.AT_LEAST_ONCE));

        assertThat(explanation.interceptors()).containsExactly("numbers");
        assertThat(explanation.refused().get(0).cause())
                .isEqualTo(Rejection.Cause.REFUSED_BY_INTERCEPTOR);
        assertThat(explain(message("other", "p", Qos.AT_LEAST_ONCE, "")).interceptors()).isEmpty();
    }

    // ---- the message

    @Test
    void message_thatIsNotGiven_isTheRetainedOne() {
        client("p").says(retain(TOPIC, "kept"));

        Explanation explanation =
                explain(new Question(TopicName.of(TOPIC), null, null, 10, WhatIf.NOTHING));

        assertThat(explanation.basis()).isEqualTo(Explanation.Basis.RETAINED);
        assertThat(explanation.message().payload()).isEqualTo(bytes("kept"));
        assertThat(explanation.retained()).isNotNull();
    }

    @Test
    void message_thatNobodySent_isAssumed_andNobodyCameAfterIt() {
        subscriber("s", TOPIC, Qos.AT_MOST_ONCE);

        Explanation explanation =
                explain(new Question(TopicName.of(TOPIC), null, "s", 10, WhatIf.NOTHING));

        assertThat(explanation.basis()).isEqualTo(Explanation.Basis.ASSUMED);
        assertThat(explanation.retained()).isNull();
        assertThat(explanation.client().fate()).isEqualTo(Fate.SENT);
        assertThat(explanation.client().remarks()).isEmpty();
    }

    // ---- who gets it

    @Test
    void subscriber_thatIsThere_getsItAtOnce() {
        FakeLink subscriber = subscriber("s", "plant/+/speed", Qos.AT_LEAST_ONCE);
        FakeLink publisher = client("p");

        Receiver receiver = receiver(message("p", Qos.AT_LEAST_ONCE), "s");
        publisher.says(publish(TOPIC, "x", Qos.AT_LEAST_ONCE, 1));

        assertThat(receiver.fate()).isEqualTo(Fate.SENT);
        assertThat(receiver.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(receiver.description()).isEqualTo("The s");
        assertThat(receiver.subscriptions())
                .extracting(SubscriptionRecord::filter)
                .containsExactly("plant/+/speed");
        assertThat(receiver.ruling().rule()).isEqualTo(AclRule.ALLOW_ALL);
        assertThat(receiver.remarks()).isEmpty();
        assertThat(subscriber.texts()).containsExactly("x");
    }

    @Test
    void subscriptionOfALowerQos_lowersIt() {
        subscriber("s", TOPIC, Qos.AT_MOST_ONCE);

        Receiver receiver = receiver(message("p", Qos.EXACTLY_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.SENT);
        assertThat(receiver.qos()).isEqualTo(Qos.AT_MOST_ONCE);
        Remark remark = receiver.remarks().get(0);
        assertThat(remark.code()).isEqualTo(Remark.Code.QOS_LOWERED);
        assertThat(remark.parameters()).isEqualTo(Map.of("published", "2", "delivered", "0"));
        assertThat(explain(message("p", Qos.EXACTLY_ONCE)).audience().lowered()).isEqualTo(1);
    }

    @Test
    void overlappingSubscriptions_areOneDelivery_withTheHighestQos() {
        subscriber("s", "plant/#", Qos.AT_MOST_ONCE).says(subscribe(TOPIC, Qos.EXACTLY_ONCE));

        Receiver receiver = receiver(message("p", Qos.EXACTLY_ONCE), "s");

        assertThat(receiver.qos()).isEqualTo(Qos.EXACTLY_ONCE);
        assertThat(remarks(receiver)).containsExactly(Remark.Code.OVERLAPPING);
        assertThat(receiver.subscriptions()).hasSize(2);
        assertThat(explain(message("p", Qos.EXACTLY_ONCE)).audience().subscribers()).isEqualTo(1);
    }

    @Test
    void clientThatHasAsManyAsItTakes_waits() {
        FakeLink subscriber =
                connected(connect("s", true, null, properties(0, 1, Packet.MAXIMUM_SIZE_BYTES)));
        subscriber.says(subscribe(TOPIC, Qos.AT_LEAST_ONCE)).next(SubAck.class);
        client("p").says(publish(TOPIC, "1", Qos.AT_LEAST_ONCE, 1));

        Receiver receiver = receiver(message("p", Qos.AT_LEAST_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.WAITS);
        assertThat(receiver.parameters())
                .isEqualTo(Map.of("ahead", "0", "inflight", "1", "receiveMaximum", "1"));
    }

    @Test
    void clientThatIsAway_withASession_hasItKept() {
        FakeLink subscriber = persistent("s", TOPIC, Qos.AT_LEAST_ONCE);
        subscriber.lose();
        long since = loops.clock().millis();

        Receiver receiver = receiver(message("p", Qos.AT_LEAST_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.KEPT);
        assertThat(receiver.online()).isFalse();
        assertThat(receiver.parameters())
                .isEqualTo(Map.of("since", "" + since, "until", "" + (since + 100_000)));
        assertThat(explain(message("p", Qos.AT_LEAST_ONCE)).audience().inStore()).isEqualTo(1);
    }

    @Test
    void clientThatCameLater_isRemarked() {
        Message before = message("p", Qos.AT_LEAST_ONCE);
        advance(1_000);
        subscriber("s", TOPIC, Qos.AT_LEAST_ONCE);

        Receiver receiver = receiver(before, "s");

        assertThat(receiver.fate()).isEqualTo(Fate.SENT);
        assertThat(remarks(receiver)).containsExactly(Remark.Code.CAME_LATER);
    }

    @Test
    void clientThatWasAwayWhenAMessageOfQos0Came_isRemarked() {
        persistent("s", TOPIC, Qos.AT_MOST_ONCE).lose();
        Message before = message("p", Qos.AT_MOST_ONCE);
        advance(1_000);
        connected(connect("s", false, 100));

        assertThat(remarks(receiver(before, "s"))).containsExactly(Remark.Code.CAME_LATER);
    }

    @Test
    void consumersInsideTheServer_areCounted() {
        MessageSubscriber inside = (message, retained) -> {};
        broker.consumers().bind(inside, Map.of(MessageSubscriber.TOPIC_FILTER, "plant/#"));

        var audience = explain(message("p", Qos.AT_LEAST_ONCE)).audience();

        assertThat(audience.consumers()).isEqualTo(1);
        assertThat(audience.subscribers()).isZero();
        broker.consumers().unbind(inside);
    }

    // ---- whom it is not for

    @Test
    void publisherWithNoLocal_doesNotGetItsOwn() {
        client("p")
                .says(subscribe("plant/#", Qos.AT_LEAST_ONCE, 0, true, false, RetainHandling.SEND));

        Receiver receiver = receiver(message("p", Qos.AT_LEAST_ONCE), "p");

        assertThat(receiver.fate()).isEqualTo(Fate.NO_LOCAL);
        assertThat(receiver.parameters()).containsEntry("filter", "plant/#");
        assertThat(receiver(message("other", Qos.AT_LEAST_ONCE), "p").fate()).isEqualTo(Fate.SENT);
    }

    @Test
    void publisherWithNoLocal_getsItByItsOtherSubscription() {
        client("p")
                .says(
                        subscribe(
                                "plant/#", Qos.AT_LEAST_ONCE, 0, true, false, RetainHandling.SEND),
                        subscribe(TOPIC, Qos.AT_MOST_ONCE));

        Receiver receiver = receiver(message("p", Qos.AT_LEAST_ONCE), "p");

        assertThat(receiver.fate()).isEqualTo(Fate.SENT);
        assertThat(receiver.qos()).isEqualTo(Qos.AT_MOST_ONCE);
    }

    @Test
    void sharedSubscription_namesWhoIsNext_andAskingTakesNoTurn() {
        FakeLink one = subscriber("one", "$share/hall/plant/#", Qos.AT_LEAST_ONCE);
        FakeLink two = subscriber("two", "$share/hall/plant/#", Qos.AT_LEAST_ONCE);
        FakeLink publisher = client("p");

        for (int i = 1; i <= 4; i++) {
            Message message = message("p", Qos.AT_LEAST_ONCE);
            Receiver first = receiver(message, "one");
            Receiver second = receiver(message, "two");
            boolean isFirst = first.fate() == Fate.SENT;
            Receiver passed = isFirst ? second : first;
            assertThat(passed.fate()).isEqualTo(Fate.NOT_ITS_TURN);
            assertThat(passed.parameters())
                    .isEqualTo(
                            Map.of(
                                    "filter",
                                    "$share/hall/plant/#",
                                    "next",
                                    isFirst ? "one" : "two"));

            publisher.says(publish(TOPIC, "" + i, Qos.AT_LEAST_ONCE, i));

            assertThat(one.texts()).hasSize(isFirst ? 1 : 0);
            assertThat(two.texts()).hasSize(isFirst ? 0 : 1);
        }
    }

    @Test
    void sharedSubscription_memberThatCannotTakeIt_isPassedOver_andSaysWhy() {
        persistent("away", "$share/hall/plant/#", Qos.AT_LEAST_ONCE).lose();
        subscriber("here", "$share/hall/plant/#", Qos.AT_LEAST_ONCE);
        Message message = message("p", Qos.AT_MOST_ONCE);

        assertThat(receiver(message, "here").fate()).isEqualTo(Fate.SENT);
        assertThat(receiver(message, "away").fate()).isEqualTo(Fate.AWAY_AND_QOS_0);
        assertThat(explain(message).audience().fates())
                .isEqualTo(Map.of(Fate.SENT, 1, Fate.AWAY_AND_QOS_0, 1));
    }

    // ---- who misses it, and why

    @Test
    void subscriptionWiderThanTheRights_isGranted_andTheMessageFilteredByTheNamedRule() {
        AclRule deny = deny(Action.SUBSCRIBE, "plant/line1/#");
        rules.put("s", List.of(AclRule.ALLOW_ALL, deny));
        FakeLink subscriber = subscriber("s", "plant/#", Qos.AT_LEAST_ONCE);

        Receiver receiver = receiver(message("p", Qos.AT_LEAST_ONCE), "s");
        client("p").says(publish(TOPIC, "x", Qos.AT_LEAST_ONCE, 1));

        assertThat(receiver.fate()).isEqualTo(Fate.NO_RIGHTS);
        assertThat(receiver.qos()).isNull();
        assertThat(receiver.ruling()).isEqualTo(Ruling.by(deny, 2));
        assertThat(receiver.text()).contains("rule 2: deny subscribe plant/line1/#");
        assertThat(remarks(receiver)).containsExactly(Remark.Code.JUDGED_EACH);
        assertThat(subscriber.texts()).isEmpty();
        Message allowed = message("plant/line2/speed", "p", Qos.AT_LEAST_ONCE, "1");
        assertThat(receiver(allowed, "s").fate()).isEqualTo(Fate.SENT);
    }

    @Test
    void subscriberWhoseRightsWereTaken_getsNothingMore_forNoRuleAllowsIt() {
        subscriber("s", TOPIC, Qos.AT_LEAST_ONCE);
        rules.put("s", List.of(allow(Action.BOTH, "other/#")));
        broker.clients().update(principal("s"), Actor.SERVER);

        Receiver receiver = receiver(message("p", Qos.AT_LEAST_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.NO_RIGHTS);
        assertThat(receiver.ruling().rule()).isNull();
        assertThat(receiver.parameters()).containsEntry("rule", "no rule allows to subscribe here");
    }

    @Test
    void authorizerThatMayBlock_isNotAsked_butWhatItSaidBeforeIsTold() {
        ScriptedAccess elsewhere = new ScriptedAccess();
        elsewhere.subscribing(filter -> SubscribeDecision.FILTERED);
        elsewhere.receiving(topic -> false);
        subscriber("s", TOPIC, Qos.AT_LEAST_ONCE);
        broker.gate().authorizers().bind(elsewhere, Map.of("service.ranking", 1));
        broker.clients().update(principal("s"), Actor.SERVER);
        Await.until(
                () -> {
                    settle();
                    return asked(message("p", Qos.AT_LEAST_ONCE), "s").fate() == Fate.NO_RIGHTS;
                });

        Ruling ruling = receiver(message("p", Qos.AT_LEAST_ONCE), "s").ruling();

        assertThat(ruling).isEqualTo(Ruling.without(false, "rule 1"));
    }

    @Test
    void clientThatIsAway_doesNotGetQos0() {
        persistent("s", TOPIC, Qos.AT_MOST_ONCE).lose();

        Receiver receiver = receiver(message("p", Qos.EXACTLY_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.AWAY_AND_QOS_0);
        assertThat(receiver.parameters()).containsKey("since");
    }

    @Test
    void messageWhoseLifetimeIsOver_isNotKeptForThoseWhoAreAway() {
        persistent("s", TOPIC, Qos.AT_LEAST_ONCE).lose();
        Message expiring =
                new Message(
                        TopicName.of(TOPIC),
                        bytes("x"),
                        Qos.AT_LEAST_ONCE,
                        false,
                        new MessageProperties(
                                MessageProperties.ABSENT, 5, null, null, null, List.of()),
                        Publisher.SERVER,
                        loops.clock().millis());
        assertThat(receiver(expiring, "s").fate()).isEqualTo(Fate.KEPT);

        advance(6_000);

        Receiver receiver = receiver(expiring, "s");
        assertThat(receiver.fate()).isEqualTo(Fate.EXPIRED);
        assertThat(receiver.parameters()).isEqualTo(Map.of("at", "" + expiring.expiresAt()));
    }

    @Test
    void queueThatIsFull_takesNoMore() {
        persistent("s", TOPIC, Qos.AT_LEAST_ONCE).lose();
        FakeLink publisher = client("p");
        for (int i = 1; i <= 10; i++) {
            publisher.says(publish(TOPIC, "" + i, Qos.AT_LEAST_ONCE, i));
        }

        Receiver receiver = receiver(message("p", Qos.AT_LEAST_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.QUEUE_FULL);
        assertThat(receiver.parameters())
                .containsEntry("messages", "10")
                .containsEntry("maxMessages", "10");
    }

    @Test
    void packetLargerThanTheClientTakes_isDropped() {
        FakeLink subscriber = connected(connect("s", true, null, properties(0, 65_535, 60)));
        subscriber.says(subscribe(TOPIC, Qos.AT_LEAST_ONCE)).next(SubAck.class);
        Message large = message("p", Qos.AT_LEAST_ONCE, "x".repeat(60));

        Receiver receiver = receiver(large, "s");
        client("p").says(publish(TOPIC, "x".repeat(60), Qos.AT_LEAST_ONCE, 1));

        assertThat(receiver.fate()).isEqualTo(Fate.TOO_LARGE);
        assertThat(receiver.parameters()).containsEntry("maxBytes", "60");
        assertThat(subscriber.texts()).isEmpty();
        assertThat(receiver(message("p", Qos.AT_LEAST_ONCE, "x"), "s").fate()).isEqualTo(Fate.SENT);
    }

    @Test
    void clientThatDoesNotRead_missesQos0() {
        FakeLink subscriber = subscriber("s", TOPIC, Qos.AT_MOST_ONCE);
        subscriber.writable = false;
        subscriber.pending = 2_000;

        Receiver receiver = receiver(message("p", Qos.AT_LEAST_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.NOT_WRITABLE);
        assertThat(receiver.parameters()).isEqualTo(Map.of("bytes", "2000", "maxBytes", "1000"));
    }

    // ---- why does this client not get it

    @ParameterizedTest
    @CsvSource({
        "plant/line2/speed, 2, line2, line1",
        "plant/+/torque, 3, torque, speed",
        "plant/line1/speed/now, 4, now, ",
        "plant/line1, 3, , speed",
        "$share/hall/plant/line3/#, 2, line3, line1",
    })
    void filterThatDoesNotMatch_saysTheLevelThatDiffers(
            String filter, String level, String expected, String found) {
        subscriber("s", filter, Qos.AT_LEAST_ONCE);

        Receiver receiver = asked(message("p", Qos.AT_LEAST_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.FILTER_DOES_NOT_MATCH);
        assertThat(receiver.parameters())
                .containsEntry("filter", filter)
                .containsEntry("level", level);
        assertThat(receiver.parameters().get("expected")).isEqualTo(expected);
        assertThat(receiver.parameters().get("found")).isEqualTo(found);
    }

    @Test
    void ofSeveralFilters_theNearestIsTold() {
        subscriber("s", "other/#", Qos.AT_LEAST_ONCE)
                .says(
                        subscribe("plant/line1/torque", Qos.AT_LEAST_ONCE),
                        subscribe("plant/line2/#", Qos.AT_LEAST_ONCE));

        Receiver receiver = asked(message("p", Qos.AT_LEAST_ONCE), "s");

        assertThat(receiver.parameters()).containsEntry("filter", "plant/line1/torque");
        assertThat(receiver.subscriptions()).hasSize(3);
    }

    @Test
    void wildcardAtTheBeginning_doesNotMatchTopicsOfTheServer() {
        subscriber("s", "#", Qos.AT_LEAST_ONCE);
        Message figure = message("$SYS/broker/uptime", "", Qos.AT_MOST_ONCE, "1");

        Receiver receiver = asked(figure, "s");

        assertThat(receiver.fate()).isEqualTo(Fate.WILDCARD_BEFORE_DOLLAR);
        assertThat(receiver.parameters()).isEqualTo(Map.of("filter", "#"));
    }

    @Test
    void topicsOfTheServer_thatNoRuleAllows_areFiltered() {
        rules.put("s", List.of(AclRule.ALLOW_ALL));
        subscriber("s", "$SYS/#", Qos.AT_MOST_ONCE);

        Receiver receiver = receiver(message("$SYS/broker/uptime", "", Qos.AT_MOST_ONCE, "1"), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.NO_RIGHTS);
    }

    @Test
    void clientWithoutSubscriptions_hasNone() {
        client("s");

        assertThat(asked(message("p", Qos.AT_LEAST_ONCE), "s").fate())
                .isEqualTo(Fate.NO_SUBSCRIPTIONS);
    }

    @Test
    void subscriptionThatWasRefused_isTold_withTheRule() {
        rules.put("s", List.of(allow(Action.BOTH, "other/#")));
        client("s").says(subscribe("plant/#", Qos.AT_LEAST_ONCE));

        Receiver receiver = asked(message("p", Qos.AT_LEAST_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.SUBSCRIPTION_REFUSED);
        assertThat(receiver.parameters())
                .containsEntry("filter", "plant/#")
                .containsEntry("why", "no rule allows to subscribe here");
    }

    @Test
    void clientThatNobodyKnows_hasNoSession() {
        assertThat(asked(message("p", Qos.AT_LEAST_ONCE), "nobody").fate())
                .isEqualTo(Fate.NO_SESSION);
    }

    @Test
    void clientThatLeftNoSession_hasNone() {
        subscriber("s", TOPIC, Qos.AT_LEAST_ONCE).lose();

        assertThat(asked(message("p", Qos.AT_LEAST_ONCE), "s").fate()).isEqualTo(Fate.NO_SESSION);
    }

    private void refuseAll(AuthResult.Cause cause) {
        access.authenticating(
                request ->
                        CompletableFuture.completedFuture(
                                new AuthResult.Refused(cause, "test:s", null)));
    }

    @Test
    void clientWhoseCredentialIsDisabled_wasRefused() {
        refuseAll(AuthResult.Cause.DISABLED);
        link().says(connect("s", true, 0));

        Receiver receiver = asked(message("p", Qos.AT_LEAST_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.CONNECT_REFUSED);
        assertThat(receiver.parameters()).containsEntry("cause", "DISABLED");
        assertThat(receiver.principalId()).isEqualTo("test:s");
    }

    @Test
    void clientThatIsAway_andIsRefusedWhenItComesBack_isRemarked() {
        persistent("s", TOPIC, Qos.AT_LEAST_ONCE).lose();
        advance(1_000);
        refuseAll(AuthResult.Cause.EXPIRED);
        link().says(connect("s", false, 100));

        Receiver receiver = receiver(message("p", Qos.AT_LEAST_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.KEPT);
        assertThat(remarks(receiver))
                .containsExactly(Remark.Code.JUDGED_WHEN_BACK, Remark.Code.REFUSED_SINCE);
        assertThat(receiver.remarks().get(1).parameters()).containsEntry("cause", "EXPIRED");
    }

    // ---- bounds

    @Test
    void receiversBeyondTheLimit_areCounted_andThoseWhoMissItComeFirst() {
        for (int i = 0; i < 5; i++) {
            subscriber("s" + i, TOPIC, Qos.AT_LEAST_ONCE);
        }
        persistent("zz", TOPIC, Qos.AT_MOST_ONCE).lose();

        var audience =
                explain(
                                new Question(
                                        TopicName.of(TOPIC),
                                        message("p", Qos.AT_LEAST_ONCE),
                                        null,
                                        2,
                                        WhatIf.NOTHING))
                        .audience();

        assertThat(audience.subscribers()).isEqualTo(6);
        assertThat(audience.examined()).isEqualTo(6);
        assertThat(audience.fates()).isEqualTo(Map.of(Fate.SENT, 5, Fate.AWAY_AND_QOS_0, 1));
        assertThat(audience.receivers()).extracting(Receiver::clientId).containsExactly("zz", "s0");
    }
}
