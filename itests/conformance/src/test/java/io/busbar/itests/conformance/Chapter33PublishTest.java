package io.busbar.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.testkit.client.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PUBLISH and its acknowledgements: sections 3.3 to 3.7. */
class Chapter33PublishTest extends Conformance {
    private static final MessageProperties EVERYTHING =
            new MessageProperties(
                    1,
                    MessageProperties.ABSENT,
                    "text/plain",
                    "answers/here",
                    new byte[] {1, 0, (byte) 0xFF},
                    List.of(
                            new UserProperty("b", "1"),
                            new UserProperty("a", "2"),
                            new UserProperty("b", "3")));

    // ---- retained

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({
        "MQTT5-3.3.1-5",
        "MQTT5-3.3.1-9",
        "MQTT311-3.3.1-5",
        "MQTT311-3.3.1-6",
        "MQTT311-3.3.1-7",
        "MQTT311-3.3.1-8"
    })
    void retain_keepsTheLatestForNewSubscriptions(ProtocolVersion version) {
        RawClient pub = connected(version, "p");
        for (int qos = 0; qos <= 2; qos++) {
            String topic = topic("r" + qos);
            publish(pub, retained(topic, "old", Qos.of(qos), 1));
            publish(pub, retained(topic, "new", Qos.of(qos), 2));
        }

        RawClient sub = connected(version, "s");
        for (int qos = 0; qos <= 2; qos++) {
            subscribed(sub, topic("r" + qos), Qos.EXACTLY_ONCE);
            Publish kept = take(sub);
            assertThat(text(kept)).isEqualTo("new");
            assertThat(kept.retain()).isTrue();
            assertThat(kept.qos()).isEqualTo(Qos.of(qos));
        }
        fence(sub);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.3.1-6", "MQTT5-3.3.1-7", "MQTT311-3.3.1-10", "MQTT311-3.3.1-11"})
    void retain_withAnEmptyPayload_removesAndIsNotKept(ProtocolVersion version) {
        RawClient pub = connected(version, "p");
        RawClient watching = subscribed(connected(version, "w"), topic("r"), Qos.AT_LEAST_ONCE);
        publish(pub, retained(topic("r"), "old", Qos.AT_LEAST_ONCE, 1));
        assertThat(text(take(watching))).isEqualTo("old");

        publish(pub, retained(topic("r"), "", Qos.AT_LEAST_ONCE, 2));

        assertThat(text(take(watching))).isEmpty();
        fence(subscribed(connected(version, "s"), topic("r"), Qos.AT_LEAST_ONCE));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.3.1-8", "MQTT311-3.3.1-12"})
    void withoutRetain_whatIsKeptStays(ProtocolVersion version) {
        RawClient pub = connected(version, "p");
        publish(pub, retained(topic("r"), "kept", Qos.AT_LEAST_ONCE, 1));

        publish(pub, message(topic("r"), "passing", Qos.AT_LEAST_ONCE, 2));
        publish(pub, message(topic("r"), "", Qos.AT_LEAST_ONCE, 3));

        RawClient sub = subscribed(connected(version, "s"), topic("r"), Qos.AT_LEAST_ONCE);
        assertThat(text(take(sub))).isEqualTo("kept");
        fence(sub);
    }

    @Test
    @Spec({"MQTT5-3.3.1-12", "MQTT5-3.3.1-13", "MQTT311-3.3.1-9"})
    void retainFlag_towardsEstablishedSubscriptions_isAsTheyWish() {
        RawClient asPublished = connected(V5, "a");
        subscribed(
                asPublished,
                subscribe(topic("r"), Qos.AT_MOST_ONCE, 0, false, true, RetainHandling.SEND));
        RawClient plain = subscribed(connected(V5, "b"), topic("r"), Qos.AT_MOST_ONCE);
        RawClient old = subscribed(connected(V311, "c"), topic("r"), Qos.AT_MOST_ONCE);
        RawClient pub = connected(V5, "p");

        publish(pub, retained(topic("r"), "1", Qos.AT_MOST_ONCE, 0));
        publish(pub, message(topic("r"), "2", Qos.AT_MOST_ONCE, 0));

        assertThat(take(asPublished).retain()).isTrue();
        assertThat(take(asPublished).retain()).isFalse();
        assertThat(take(plain).retain()).isFalse();
        assertThat(take(old).retain()).isFalse();
    }

    // ---- properties

    @Test
    @Spec({
        "MQTT5-3.3.2-4",
        "MQTT5-3.3.2-15",
        "MQTT5-3.3.2-16",
        "MQTT5-3.3.2-17",
        "MQTT5-3.3.2-18",
        "MQTT5-3.3.2-20"
    })
    void properties_arriveUnchangedAndInOrder_alsoWhenRetained() {
        RawClient sub = subscribed(connected(V5, "s"), topic("t"), Qos.EXACTLY_ONCE);
        RawClient pub = connected(V5, "p");

        for (int qos = 0; qos <= 2; qos++) {
            publish(pub, message(topic("t"), "m", Qos.of(qos), qos, true, EVERYTHING));
            assertEverything(take(sub).properties());
        }

        assertEverything(
                take(subscribed(connected(V5, "later"), topic("t"), Qos.AT_MOST_ONCE))
                        .properties());
    }

    private static void assertEverything(MessageProperties properties) {
        assertThat(properties.payloadFormatIndicator()).isEqualTo(1);
        assertThat(properties.contentType()).isEqualTo("text/plain");
        assertThat(properties.responseTopic()).isEqualTo("answers/here");
        assertThat(properties.correlationData()).isEqualTo(EVERYTHING.correlationData());
        assertThat(properties.userProperties()).isEqualTo(EVERYTHING.userProperties());
    }

    @Test
    @Spec("MQTT5-3.3.2-5")
    void expiredMessage_isNotDelivered_neitherQueuedNorRetained() {
        kept(V5, "s", false).close();
        RawClient sub = subscribed(kept(V5, "s", true), topic("t"), Qos.AT_LEAST_ONCE);
        sub.close();
        RawClient pub = connected(V5, "p");
        publish(pub, expiring("short", 1, 1));
        publish(pub, expiring("long", 2, 100));

        passSeconds(2);

        RawClient back = kept(V5, "s", true);
        assertThat(text(take(back))).isEqualTo("long");
        fence(back);
    }

    @Test
    @Spec("MQTT5-3.3.2-6")
    void expiryInterval_isForwardedWithoutTheTimeItWaited() {
        subscribed(kept(V5, "s", false), topic("t"), Qos.AT_LEAST_ONCE).close();
        RawClient pub = connected(V5, "p");
        publish(pub, expiring("m", 1, 100));

        passSeconds(2);

        Publish late = take(kept(V5, "s", true));
        assertThat(late.properties().messageExpirySeconds()).isBetween(90L, 99L);
    }

    private Publish expiring(String text, int id, long seconds) {
        return message(
                topic("t"),
                text,
                Qos.AT_LEAST_ONCE,
                id,
                false,
                new MessageProperties(
                        MessageProperties.ABSENT, seconds, null, null, null, List.of()));
    }

    @Test
    @Spec("MQTT5-4.3.3-7")
    void qos2_thatWasSent_doesNotExpire() {
        RawClient sub = subscribed(kept(V5, "s", false), topic("t"), Qos.EXACTLY_ONCE);
        MessageProperties oneSecond =
                new MessageProperties(MessageProperties.ABSENT, 1, null, null, null, List.of());
        publish(
                connected(V5, "p"),
                message(topic("t"), "m", Qos.EXACTLY_ONCE, 1, false, oneSecond));
        assertThat(text(next(sub))).isEqualTo("m");
        sub.close();

        passSeconds(2);

        assertThat(text(take(kept(V5, "s", true)))).isEqualTo("m");
    }

    @Test
    @Spec("MQTT5-4.3.3-13")
    void qos2_thatExpired_isCompletedWithItsPublisher() {
        RawClient pub = connected(V5, "p");
        MessageProperties oneSecond =
                new MessageProperties(MessageProperties.ABSENT, 1, null, null, null, List.of());
        pub.send(message(topic("t"), "m", Qos.EXACTLY_ONCE, 1, false, oneSecond));
        pub.expect(PubRec.class);

        passSeconds(2);

        pub.send(new io.busbar.mqtt.codec.PubRel(1, ReasonCode.SUCCESS));
        assertThat(pub.expect(io.busbar.mqtt.codec.PubComp.class).packetId()).isEqualTo(1);
    }

    // ---- topic aliases

    @Test
    @Spec({"MQTT5-3.3.2-7", "MQTT5-3.3.2-12"})
    void topicAlias_standsForItsTopic_onItsConnectionOnly() {
        RawClient sub = subscribed(connected(V5, "s"), topic("#"), Qos.AT_MOST_ONCE);
        RawClient pub = server.open(V5).send(connect(V5, "p", true, 0, null, expiry(0)));
        int maximum = pub.expect(ConnAck.class).properties().topicAliasMaximum();
        assertThat(maximum).isPositive();

        for (int alias = 1; alias <= maximum; alias++) {
            pub.send(aliased(topic("t" + alias), alias), aliased("", alias));
        }
        pub.send(aliased(topic("moved"), 1), aliased("", 1));

        for (int alias = 1; alias <= maximum; alias++) {
            assertThat(take(sub).topic().value()).isEqualTo(topic("t" + alias));
            assertThat(take(sub).topic().value()).isEqualTo(topic("t" + alias));
        }
        assertThat(take(sub).topic().value()).isEqualTo(topic("moved"));
        assertThat(take(sub).topic().value()).isEqualTo(topic("moved"));

        RawClient other = connected(V5, "q").send(aliased("", 1));
        expectDisconnect(other, ReasonCode.PROTOCOL_ERROR);
    }

    @Test
    @Spec("MQTT5-3.3.2-7")
    void topicAlias_ofAClient_endsWithItsConnection() {
        RawClient sub = subscribed(connected(V5, "s"), topic("t"), Qos.AT_MOST_ONCE);
        RawClient pub = kept(V5, "p", false).send(aliased(topic("t"), 1), aliased("", 1));
        take(sub);
        take(sub);
        pub.close();

        RawClient back = kept(V5, "p", true).send(aliased("", 1));

        expectDisconnect(back, ReasonCode.PROTOCOL_ERROR);
        fence(sub);
    }

    @Test
    @Spec("MQTT5-3.3.2-7")
    void topicAlias_towardsAClient_endsWithItsConnection() {
        ConnectProperties aliases =
                new ConnectProperties(
                        120,
                        65_535,
                        Packet.MAXIMUM_SIZE_BYTES,
                        10,
                        false,
                        true,
                        List.of(),
                        null,
                        null);
        RawClient sub = session(connect(V5, "s", false, 0, null, aliases), false);
        subscribed(sub, topic("t"), Qos.AT_LEAST_ONCE);
        RawClient pub = connected(V5, "p");
        for (int i = 1; i <= 3; i++) {
            publish(pub, message(topic("t"), "" + i, Qos.AT_LEAST_ONCE, i));
            take(sub);
        }
        publish(pub, message(topic("t"), "not acknowledged", Qos.AT_LEAST_ONCE, 4));
        next(sub);
        sub.close();

        RawClient back = session(connect(V5, "s", false, 0, null, aliases), true);

        Publish again = take(back);
        assertThat(again.dup()).isTrue();
        assertThat(again.topic()).isEqualTo(TopicName.of(topic("t")));
    }

    @Test
    @Spec("MQTT5-3.3.2-8")
    void topicAlias_zero_isInvalid() {
        RawClient pub = connected(V5, "p");
        hex(pub, "30 08 00 01 61 03 23 00 00 78");
        expectDisconnect(pub, ReasonCode.TOPIC_ALIAS_INVALID);
    }

    @Test
    @Spec("MQTT5-3.3.2-9")
    void topicAlias_aboveTheMaximum_isInvalid() {
        RawClient pub = server.open(V5).send(connect(V5, "p", true, 0, null, expiry(0)));
        int maximum = pub.expect(ConnAck.class).properties().topicAliasMaximum();
        pub.send(aliased(topic("t"), maximum + 1));
        expectDisconnect(pub, ReasonCode.TOPIC_ALIAS_INVALID);
    }

    @Test
    @Spec({"MQTT5-3.3.2-11", "MQTT5-3.1.2-26", "MQTT5-3.1.2-27"})
    void topicAlias_towardsAClient_isNeverAboveItsMaximum() {
        RawClient none = subscribed(connected(V5, "none"), topic("#"), Qos.AT_MOST_ONCE);
        ConnectProperties two =
                new ConnectProperties(
                        0,
                        65_535,
                        Packet.MAXIMUM_SIZE_BYTES,
                        2,
                        false,
                        true,
                        List.of(),
                        null,
                        null);
        RawClient some = session(connect(V5, "some", true, 0, null, two), false);
        subscribed(some, topic("#"), Qos.AT_MOST_ONCE);
        RawClient pub = connected(V5, "p");

        for (int round = 0; round < 3; round++) {
            for (String name : new String[] {"a", "b", "c", "d"}) {
                publish(pub, message(topic(name), "m", Qos.AT_MOST_ONCE, 0));
            }
        }

        for (int i = 0; i < 12; i++) {
            assertThat(none.expect(Publish.class).topicAlias()).isZero();
            assertThat(some.expect(Publish.class).topicAlias()).isLessThanOrEqualTo(2);
        }
    }

    private static Publish aliased(String topic, int alias) {
        Publish plain = message(topic.isEmpty() ? "x" : topic, "m", Qos.AT_MOST_ONCE, 0);
        return new Publish(
                false,
                Qos.AT_MOST_ONCE,
                false,
                0,
                topic.isEmpty() ? null : plain.topic(),
                alias,
                MessageProperties.NONE,
                NONE,
                plain.payload());
    }

    // ---- topics

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.3.2-3", "MQTT311-3.3.2-3", "MQTT5-4.7.3-4"})
    void topic_ofADelivery_isTheTopicThatWasPublished(ProtocolVersion version) {
        RawClient sub = subscribed(connected(version, "s"), topic("+/#"), Qos.AT_MOST_ONCE);

        publish(connected(version, "p"), message(topic("Ä/ /"), "m", Qos.AT_MOST_ONCE, 0));

        assertThat(take(sub).topic().value()).isEqualTo(topic("Ä/ /"));
    }

    @Test
    @Spec("MQTT5-3.3.2-14")
    void responseTopic_withAWildcard_isRefused() {
        RawClient pub = connected(V5, "p");
        hex(pub, "30 0b 00 01 61 06 08 00 03 61 2f 23 78");
        assertThat(pub.next(Duration.ofSeconds(5))).isNotInstanceOf(PingResp.class);
        pub.expectClosed();
    }

    @Test
    @Spec("MQTT5-3.3.2-13")
    void responseTopic_thatIsNoText_isRefused() {
        RawClient pub = connected(V5, "p");
        hex(pub, "30 09 00 01 61 04 08 00 01 ff 78");
        expectDisconnect(pub, ReasonCode.MALFORMED_PACKET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2b", "23"})
    @Spec({"MQTT5-4.7.0-1", "MQTT5-3.3.2-2", "MQTT311-4.7.1-1", "MQTT311-3.3.2-2"})
    void topicName_withAWildcard_closes(String character) {
        RawClient old = connected(V311, "a");
        hex(old, "30 06 00 03 61 2f " + character + " 78");
        old.expectClosed();
        RawClient pub = connected(V5, "b");
        hex(pub, "30 07 00 03 61 2f " + character + " 00 78");
        pub.expectClosed();
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-1.5.4-3", "MQTT311-1.5.3-3"})
    void byteOrderMark_inATopic_stays(ProtocolVersion version) {
        RawClient sub = subscribed(connected(version, "s"), topic("#"), Qos.AT_MOST_ONCE);

        publish(connected(version, "p"), message(topic("\uFEFFa"), "m", Qos.AT_MOST_ONCE, 0));

        assertThat(take(sub).topic().value()).isEqualTo(topic("\uFEFFa"));
    }

    @Test
    @Spec("MQTT311-3.1.2-7")
    void retained_outlivesTheSessionOfItsPublisher() {
        RawClient pub = connected(V311, "p");
        publish(pub, retained(topic("r"), "kept", Qos.AT_LEAST_ONCE, 1));
        pub.send(io.busbar.mqtt.codec.Disconnect.NORMAL);
        pub.expectClosed();

        assertThat(text(take(subscribed(connected(V311, "s"), topic("r"), Qos.AT_MOST_ONCE))))
                .isEqualTo("kept");
    }

    // ---- subscriptions that overlap

    @Test
    @Spec({"MQTT5-3.3.4-2", "MQTT5-3.3.4-3", "MQTT5-3.3.4-4"})
    void overlappingSubscriptions_areAllNamed_withTheHighestQos() {
        RawClient sub = connected(V5, "s");
        subscribed(
                sub,
                subscribe(topic("a/#"), Qos.AT_MOST_ONCE, 5, false, false, RetainHandling.SEND));
        subscribed(
                sub,
                subscribe(
                        topic("a/+"),
                        Qos.EXACTLY_ONCE,
                        268_435_455,
                        false,
                        false,
                        RetainHandling.SEND));
        subscribed(
                sub,
                subscribe(topic("a/b"), Qos.AT_LEAST_ONCE, 5, false, false, RetainHandling.SEND));

        publish(connected(V5, "p"), message(topic("a/b"), "m", Qos.EXACTLY_ONCE, 1));
        publish(connected(V5, "q"), message(topic("a/end"), "end", Qos.EXACTLY_ONCE, 1));

        Set<Integer> identifiers = new TreeSet<>();
        Qos highest = Qos.AT_MOST_ONCE;
        Publish copy;
        for (copy = next(sub); !text(copy).equals("end"); copy = next(sub)) {
            for (int identifier : copy.subscriptionIdentifiers()) {
                identifiers.add(identifier);
            }
            highest = copy.qos().ordinal() > highest.ordinal() ? copy.qos() : highest;
        }
        assertThat(identifiers).containsExactly(5, 268_435_455);
        assertThat(highest).isEqualTo(Qos.EXACTLY_ONCE);
    }

    @Test
    @Spec("MQTT311-3.3.5-1")
    void overlappingSubscriptions311_deliverAtTheHighestQos() {
        RawClient sub = connected(V311, "s");
        subscribed(sub, topic("a/#"), Qos.AT_MOST_ONCE);
        subscribed(sub, topic("a/b"), Qos.EXACTLY_ONCE);

        publish(connected(V311, "p"), message(topic("a/b"), "m", Qos.EXACTLY_ONCE, 1));
        publish(connected(V311, "q"), message(topic("a/b"), "end", Qos.EXACTLY_ONCE, 1));

        List<Qos> seen = new ArrayList<>();
        Publish copy;
        for (copy = next(sub); !text(copy).equals("end"); copy = next(sub)) {
            seen.add(copy.qos());
        }
        assertThat(seen).contains(Qos.EXACTLY_ONCE);
    }

    @Test
    @Spec("MQTT5-3.3.4-6")
    void subscriptionIdentifier_fromAClient_isAProtocolError() {
        RawClient pub = connected(V5, "p");
        hex(pub, "30 07 00 01 61 02 0b 01 78");
        expectDisconnect(pub, ReasonCode.PROTOCOL_ERROR);
    }

    // ---- acknowledgements

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.3.4-1", "MQTT311-3.3.4-1", "MQTT5-2.2.1-5", "MQTT311-2.3.1-6"})
    void publish_isAnsweredAsItsQosSays_withItsIdentifier(ProtocolVersion version) {
        RawClient pub = connected(version, "p");

        publish(pub, message(topic("t"), "0", Qos.AT_MOST_ONCE, 0));
        fence(pub);
        publish(pub, message(topic("t"), "1", Qos.AT_LEAST_ONCE, 65_535));
        publish(pub, message(topic("t"), "2", Qos.EXACTLY_ONCE, 1));
        fence(pub);
    }

    @Test
    @Spec({"MQTT5-3.4.2-1", "MQTT5-3.5.2-1"})
    void acknowledgement_saysWhenNobodyGotIt() {
        RawClient pub = connected(V5, "p");

        pub.send(message(topic("nobody"), "1", Qos.AT_LEAST_ONCE, 1));
        assertThat(pub.expect(PubAck.class).reasonCode())
                .isIn(ReasonCode.NO_MATCHING_SUBSCRIBERS, ReasonCode.SUCCESS);
        pub.send(message(topic("nobody"), "2", Qos.EXACTLY_ONCE, 2));
        assertThat(pub.expect(PubRec.class).reasonCode())
                .isIn(ReasonCode.NO_MATCHING_SUBSCRIBERS, ReasonCode.SUCCESS);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.6.1-1", "MQTT311-3.6.1-1", "MQTT311-2.2.2-1"})
    void pubRel_withOtherFlags_closes(ProtocolVersion version) {
        for (String flags : new String[] {"60", "61", "63", "66", "6a"}) {
            RawClient pub = connected(version, "p" + flags);
            publish(pub, message(topic("t"), "m", Qos.AT_LEAST_ONCE, 1));
            hex(pub, flags + " 02 00 02");
            pub.expectClosed();
        }
    }

    @Test
    @Spec("MQTT5-3.7.2-1")
    void pubRel_ofAnUnknownIdentifier_isAnsweredSo() {
        RawClient pub = connected(V5, "p");
        pub.send(new io.busbar.mqtt.codec.PubRel(77, ReasonCode.SUCCESS));
        assertThat(pub.expect(io.busbar.mqtt.codec.PubComp.class).reasonCode())
                .isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
        fence(pub);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Spec({"MQTT5-3.1.2-29", "MQTT5-3.7.2-1"})
    void pubComp_saysWhyInWords_onlyToAClientThatWantsIt(boolean wanted) {
        ConnectProperties properties =
                new ConnectProperties(
                        0,
                        65_535,
                        Packet.MAXIMUM_SIZE_BYTES,
                        0,
                        false,
                        wanted,
                        List.of(),
                        null,
                        null);
        RawClient pub = session(connect(V5, "p", true, 0, null, properties), false);

        pub.send(new io.busbar.mqtt.codec.PubRel(77, ReasonCode.SUCCESS));

        ReasonDetails details = pub.expect(io.busbar.mqtt.codec.PubComp.class).details();
        if (!wanted) {
            assertThat(details).isEqualTo(ReasonDetails.NONE);
        } else if (server.isOurs()) {
            // Any other server may be silent.
            assertThat(details.reasonString()).isNotEmpty();
        }
    }

    // ---- the client's limits

    @Test
    @Spec("MQTT5-3.1.2-24")
    void message_largerThanTheClientTakes_isNotSent_andTheOthersAre() {
        Connect small = connect(V5, "s", true, 0, null, properties(0, 10, 100));
        RawClient sub = session(small, false);
        subscribed(sub, topic("t"), Qos.EXACTLY_ONCE);
        RawClient pub = connected(V5, "p");

        publish(pub, message(topic("t"), "x".repeat(200), Qos.EXACTLY_ONCE, 1));
        publish(pub, message(topic("t"), "fits", Qos.EXACTLY_ONCE, 2));

        assertThat(text(take(sub))).isEqualTo("fits");
    }

    private static Publish next(RawClient client) {
        return client.expect(Publish.class);
    }

    private static Publish retained(String topic, String text, Qos qos, int id) {
        return message(
                topic, text, qos, qos == Qos.AT_MOST_ONCE ? 0 : id, true, MessageProperties.NONE);
    }
}
