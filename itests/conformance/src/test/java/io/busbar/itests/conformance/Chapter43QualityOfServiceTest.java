package io.busbar.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.testkit.client.RawClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Delivery, redelivery, order and flow control: sections 4.3 to 4.6 and 4.9. */
class Chapter43QualityOfServiceTest extends Conformance {

    // ---- from the client

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({
        "MQTT5-4.3.3-8",
        "MQTT5-4.3.3-10",
        "MQTT5-4.3.3-11",
        "MQTT5-4.3.3-12",
        "MQTT311-4.3.3-2"
    })
    void qos2_sentTwice_isDeliveredOnce_andAnsweredEachTime(ProtocolVersion version) {
        RawClient sub = subscribed(connected(version, "s"), topic("t"), Qos.AT_MOST_ONCE);
        RawClient pub = connected(version, "p");
        Publish first = message(topic("t"), "once", Qos.EXACTLY_ONCE, 7);

        pub.send(first, again(first));
        assertThat(pub.expect(PubRec.class).packetId()).isEqualTo(7);
        assertThat(pub.expect(PubRec.class).packetId()).isEqualTo(7);
        pub.send(new PubRel(7, ReasonCode.SUCCESS));
        assertThat(pub.expect(PubComp.class).packetId()).isEqualTo(7);
        publish(pub, message(topic("t"), "again", Qos.EXACTLY_ONCE, 7));

        assertThat(text(take(sub))).isEqualTo("once");
        assertThat(text(take(sub))).isEqualTo("again");
        fence(sub);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-4.3.3-10", "MQTT311-4.1.0-1", "MQTT311-4.3.3-2"})
    void qos2_sentAgainAfterAReconnect_isDeliveredOnce(ProtocolVersion version) {
        RawClient sub = subscribed(connected(version, "s"), topic("t"), Qos.AT_MOST_ONCE);
        RawClient pub = kept(version, "p", false);
        Publish message = message(topic("t"), "once", Qos.EXACTLY_ONCE, 7);
        pub.send(message);
        pub.expect(PubRec.class);
        pub.close();

        RawClient back = kept(version, "p", true);
        back.send(again(message));
        assertThat(back.expect(PubRec.class).packetId()).isEqualTo(7);
        back.send(new PubRel(7, ReasonCode.SUCCESS));
        assertThat(back.expect(PubComp.class).packetId()).isEqualTo(7);

        assertThat(text(take(sub))).isEqualTo("once");
        fence(sub);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-4.3.3-11", "MQTT311-4.3.3-2"})
    void pubRel_sentAgainAfterAReconnect_isAnswered(ProtocolVersion version) {
        RawClient pub = kept(version, "p", false);
        pub.send(message(topic("t"), "m", Qos.EXACTLY_ONCE, 7));
        pub.expect(PubRec.class);
        pub.send(new PubRel(7, ReasonCode.SUCCESS));
        pub.expect(PubComp.class);
        pub.close();

        RawClient back = kept(version, "p", true).send(new PubRel(7, ReasonCode.SUCCESS));

        assertThat(back.expect(PubComp.class).packetId()).isEqualTo(7);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-4.3.2-4", "MQTT5-4.3.2-5", "MQTT311-4.3.2-2"})
    void qos1_isAcknowledged_andItsIdentifierIsNewEachTime(ProtocolVersion version) {
        RawClient sub = subscribed(connected(version, "s"), topic("t"), Qos.AT_MOST_ONCE);
        RawClient pub = connected(version, "p");
        Publish message = message(topic("t"), "m", Qos.AT_LEAST_ONCE, 7);

        publish(pub, message);
        publish(pub, again(message));

        assertThat(text(take(sub))).isEqualTo("m");
        assertThat(text(take(sub))).isEqualTo("m");
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({
        "MQTT5-4.6.0-2",
        "MQTT5-4.6.0-3",
        "MQTT311-4.6.0-2",
        "MQTT311-4.6.0-3",
        "MQTT5-3.4.2-1",
        "MQTT5-3.5.2-1"
    })
    void acknowledgements_comeInTheOrderOfTheMessages(ProtocolVersion version) {
        RawClient pub = connected(version, "p");
        for (int id = 1; id <= 20; id++) {
            pub.send(message(topic("t"), "1", Qos.AT_LEAST_ONCE, id));
        }
        for (int id = 1; id <= 20; id++) {
            assertThat(pub.expect(PubAck.class).packetId()).isEqualTo(id);
        }
        for (int id = 1; id <= 20; id++) {
            pub.send(message(topic("t"), "2", Qos.EXACTLY_ONCE, id));
        }
        for (int id = 1; id <= 20; id++) {
            assertThat(pub.expect(PubRec.class).packetId()).isEqualTo(id);
        }
    }

    @Test
    @Spec("MQTT5-4.3.3-9")
    void qos2_afterARefusal_itsIdentifierStandsForANewMessage() {
        RawClient sub = subscribed(connected(V5, "s"), topic("t"), Qos.AT_MOST_ONCE);
        RawClient pub = connected(V5, "p");
        pub.send(message("$SYS/" + topic("t"), "refused", Qos.EXACTLY_ONCE, 7));
        ReasonCode reason = pub.expect(PubRec.class).reasonCode();
        // Another server may take it.
        assumeTrue(server.isOurs() || reason.isError());
        assertThat(reason).isEqualTo(ReasonCode.NOT_AUTHORIZED);

        publish(pub, message(topic("t"), "taken", Qos.EXACTLY_ONCE, 7));

        assertThat(text(take(sub))).isEqualTo("taken");
        fence(sub);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-4.5.0-1", "MQTT311-4.5.0-1"})
    void message_goesIntoTheSessionOfEverySubscriber_connectedOrNot(ProtocolVersion version) {
        RawClient exact = subscribed(connected(version, "a"), topic("t/1"), Qos.AT_LEAST_ONCE);
        RawClient level = subscribed(kept(version, "b", false), topic("t/+"), Qos.EXACTLY_ONCE);
        subscribed(kept(version, "c", false), topic("t/1"), Qos.AT_LEAST_ONCE).close();
        subscribed(kept(version, "d", false), topic("t/#"), Qos.EXACTLY_ONCE).close();
        subscribed(kept(version, "e", false), topic("t/2"), Qos.EXACTLY_ONCE).close();
        for (String name : new String[] {"c", "d", "e"}) {
            kept(version, name, true).close();
        }

        publish(connected(version, "p"), message(topic("t/1"), "m", Qos.AT_LEAST_ONCE, 1));

        for (RawClient sub :
                new RawClient[] {
                    exact, level, kept(version, "c", true), kept(version, "d", true)
                }) {
            Publish publish = take(sub);
            assertThat(text(publish)).isEqualTo("m");
            assertThat(publish.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
            fence(sub);
        }
        fence(kept(version, "e", true));
    }

    // ---- to the client

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({
        "MQTT5-3.3.1-1",
        "MQTT5-3.3.1-3",
        "MQTT5-4.3.2-1",
        "MQTT5-4.3.2-2",
        "MQTT5-4.3.2-3",
        "MQTT5-4.4.0-1",
        "MQTT311-3.3.1-1",
        "MQTT311-3.3.1-3",
        "MQTT311-4.3.2-1",
        "MQTT311-4.4.0-1",
        "MQTT311-4.6.0-1",
        "MQTT5-2.2.1-4",
        "MQTT311-2.3.1-4"
    })
    void qos1_notAcknowledged_comesAgainInOrderWithDup_onlyAtTheReconnect(ProtocolVersion version) {
        RawClient sub = subscribed(kept(version, "s", false), topic("t"), Qos.AT_LEAST_ONCE);
        RawClient pub = connected(V5, "p");
        Publish sent = message(topic("t"), "0", Qos.AT_LEAST_ONCE, 1);
        publish(pub, again(sent));
        for (int i = 1; i < 5; i++) {
            publish(pub, message(topic("t"), "" + i, Qos.AT_LEAST_ONCE, i));
        }
        List<Integer> identifiers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Publish publish = sub.expect(Publish.class);
            assertThat(publish.dup()).isFalse();
            identifiers.add(publish.packetId());
        }
        assertThat(new HashSet<>(identifiers)).hasSize(5).doesNotContain(0);
        sub.send(new PubAck(identifiers.get(1), ReasonCode.SUCCESS));
        fence(sub);
        sub.close();

        RawClient back = kept(version, "s", true);
        for (int i : new int[] {0, 2, 3, 4}) {
            Publish publish = back.expect(Publish.class);
            assertThat(publish.dup()).isTrue();
            assertThat(publish.packetId()).isEqualTo(identifiers.get(i));
            assertThat(text(publish)).isEqualTo("" + i);
            back.send(new PubAck(publish.packetId(), ReasonCode.SUCCESS));
        }
        fence(back);
        back.close();
        fence(kept(version, "s", true));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({
        "MQTT5-4.3.3-2",
        "MQTT5-4.3.3-3",
        "MQTT5-4.3.3-4",
        "MQTT5-4.3.3-5",
        "MQTT5-4.3.3-6",
        "MQTT5-4.4.0-1",
        "MQTT311-4.3.3-1",
        "MQTT311-4.4.0-1",
        "MQTT311-3.1.2-5",
        "MQTT5-3.6.2-1"
    })
    void qos2_interruptedAnywhere_goesOnWhereItWas(ProtocolVersion version) {
        subscribed(kept(version, "s", false), topic("t"), Qos.EXACTLY_ONCE).close();
        publish(connected(V5, "p"), message(topic("t"), "m", Qos.EXACTLY_ONCE, 1));

        // Interrupted before PUBREC: PUBLISH again.
        RawClient sub = kept(version, "s", true);
        Publish first = sub.expect(Publish.class);
        assertThat(first.qos()).isEqualTo(Qos.EXACTLY_ONCE);
        assertThat(first.dup()).isFalse();
        sub.close();
        sub = kept(version, "s", true);
        Publish second = sub.expect(Publish.class);
        assertThat(second.packetId()).isEqualTo(first.packetId());
        assertThat(second.dup()).isTrue();

        // Interrupted after PUBREC: PUBREL, and never PUBLISH again.
        sub.send(new PubRec(first.packetId(), ReasonCode.SUCCESS));
        assertThat(sub.expect(PubRel.class).packetId()).isEqualTo(first.packetId());
        sub.close();
        sub = kept(version, "s", true);
        assertThat(sub.expect(PubRel.class).packetId()).isEqualTo(first.packetId());

        // Complete: nothing.
        sub.send(new PubComp(first.packetId(), ReasonCode.SUCCESS));
        fence(sub);
        sub.close();
        fence(kept(version, "s", true));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({
        "MQTT5-2.2.1-4",
        "MQTT5-4.3.3-1",
        "MQTT5-4.6.0-4",
        "MQTT311-2.3.1-1",
        "MQTT311-2.3.1-4",
        "MQTT311-4.3.3-1",
        "MQTT311-4.6.0-4",
        "MQTT311-4.6.0-6"
    })
    void qos2_onItsWay_hasDistinctIdentifiers_andPubrelInTheOrderOfPubrec(ProtocolVersion version) {
        RawClient sub = subscribed(connected(version, "s"), topic("t"), Qos.EXACTLY_ONCE);
        RawClient pub = connected(V5, "p");
        List<Integer> identifiers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            publish(pub, message(topic("t"), "" + i, Qos.EXACTLY_ONCE, 1));
            identifiers.add(sub.expect(Publish.class).packetId());
        }
        sub.send(
                new PubRec(identifiers.get(2), ReasonCode.SUCCESS),
                new PubRec(identifiers.get(0), ReasonCode.SUCCESS));
        assertThat(sub.expect(PubRel.class).packetId()).isEqualTo(identifiers.get(2));
        assertThat(sub.expect(PubRel.class).packetId()).isEqualTo(identifiers.get(0));

        // Until PUBCOMP the identifiers of both are in use.
        for (int i = 3; i < 6; i++) {
            publish(pub, message(topic("t"), "" + i, Qos.EXACTLY_ONCE, 1));
            identifiers.add(sub.expect(Publish.class).packetId());
        }

        assertThat(identifiers).doesNotHaveDuplicates().doesNotContain(0);
    }

    @Test
    @Spec({"MQTT5-4.4.0-2", "MQTT5-4.3.3-4"})
    void refusedMessage_isOver() {
        RawClient sub = subscribed(kept(V5, "s", false), topic("t"), Qos.EXACTLY_ONCE);
        RawClient pub = connected(V5, "p");
        publish(pub, message(topic("t"), "1", Qos.AT_LEAST_ONCE, 1));
        publish(pub, message(topic("t"), "2", Qos.EXACTLY_ONCE, 2));

        sub.send(
                new PubAck(
                        sub.expect(Publish.class).packetId(),
                        ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR));
        sub.send(
                new PubRec(
                        sub.expect(Publish.class).packetId(),
                        ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR));

        fence(sub);
        sub.close();
        fence(kept(V5, "s", true));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({
        "MQTT5-3.3.1-2",
        "MQTT5-4.3.1-1",
        "MQTT311-3.3.1-2",
        "MQTT311-4.3.1-1",
        "MQTT5-2.2.1-2",
        "MQTT311-2.3.1-5"
    })
    void qos0_isSentWithoutDupAndIdentifier(ProtocolVersion version) {
        RawClient sub = subscribed(connected(version, "s"), topic("t"), Qos.AT_MOST_ONCE);

        publish(connected(V5, "p"), again(message(topic("t"), "m", Qos.AT_LEAST_ONCE, 1)));

        Publish delivered = sub.expect(Publish.class);
        assertThat(delivered.qos()).isEqualTo(Qos.AT_MOST_ONCE);
        assertThat(delivered.dup()).isFalse();
        assertThat(delivered.packetId()).isZero();
        assertThat(text(delivered)).isEqualTo("m");
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-4.6.0-5", "MQTT5-4.6.0-6", "MQTT311-4.6.0-5", "MQTT311-4.6.0-6"})
    void messages_ofOnePublisherOnOneTopic_keepTheirOrder(ProtocolVersion version) {
        RawClient sub = subscribed(connected(version, "s"), topic("#"), Qos.EXACTLY_ONCE);
        RawClient pub = connected(version, "p");
        int count = 300;
        for (int i = 0; i < count; i++) {
            publish(pub, message(topic("t" + i % 3), "" + i, Qos.of(i % 3), i % 3 == 0 ? 0 : 1));
        }

        int[] last = {-1, -1, -1};
        int seen = 0;
        while (seen < count) {
            Packet packet = sub.next(java.time.Duration.ofSeconds(5));
            assertThat(packet).isNotNull();
            if (packet instanceof Publish publish) {
                int number = Integer.parseInt(text(publish));
                assertThat(number).isGreaterThan(last[number % 3]);
                last[number % 3] = number;
                seen++;
                if (publish.qos() == Qos.AT_LEAST_ONCE) {
                    sub.send(new PubAck(publish.packetId(), ReasonCode.SUCCESS));
                } else if (publish.qos() == Qos.EXACTLY_ONCE) {
                    sub.send(new PubRec(publish.packetId(), ReasonCode.SUCCESS));
                }
            } else if (packet instanceof PubRel release) {
                sub.send(new PubComp(release.packetId(), ReasonCode.SUCCESS));
            }
        }
    }

    @Test
    @Spec({"MQTT311-4.1.0-1", "MQTT311-4.1.0-2"})
    void session_isContinuedByTheOtherVersion() {
        subscribed(kept(V5, "s", false), topic("t"), Qos.AT_LEAST_ONCE).close();
        RawClient pub = connected(V5, "p");
        publish(pub, message(topic("t"), "1", Qos.AT_LEAST_ONCE, 1));

        RawClient old = kept(V311, "s", true);
        assertThat(text(take(old))).isEqualTo("1");
        old.close();
        publish(pub, message(topic("t"), "2", Qos.AT_LEAST_ONCE, 2));

        assertThat(text(take(kept(V5, "s", true)))).isEqualTo("2");
    }

    // ---- flow control

    @Test
    @Spec({"MQTT5-3.3.4-9", "MQTT5-3.3.4-10", "MQTT5-4.9.0-1", "MQTT5-4.9.0-2", "MQTT5-4.9.0-3"})
    void receiveMaximum_isNeverExceeded_andDelaysNothingElse() {
        RawClient sub =
                session(
                        connect(
                                V5,
                                "s",
                                true,
                                0,
                                null,
                                properties(0, 2, Packet.MAXIMUM_SIZE_BYTES)),
                        false);
        subscribed(sub, topic("#"), Qos.EXACTLY_ONCE);
        RawClient pub = connected(V5, "p");
        for (int i = 1; i <= 4; i++) {
            publish(
                    pub,
                    message(topic("t"), "" + i, i == 2 ? Qos.EXACTLY_ONCE : Qos.AT_LEAST_ONCE, i));
        }
        Publish first = sub.expect(Publish.class);
        Publish second = sub.expect(Publish.class);

        // QoS 0, PINGRESP and SUBACK do not wait.
        publish(pub, message(topic("free"), "free", Qos.AT_MOST_ONCE, 0));
        assertThat(text(sub.expect(Publish.class))).isEqualTo("free");
        fence(sub);
        sub.send(subscribe(topic("other"), Qos.AT_MOST_ONCE));
        sub.expect(SubAck.class);

        // PUBREC alone gives nothing back, PUBACK and PUBCOMP do.
        sub.send(new PubRec(second.packetId(), ReasonCode.SUCCESS));
        sub.expect(PubRel.class);
        fence(sub);
        sub.send(new PubAck(first.packetId(), ReasonCode.SUCCESS));
        assertThat(text(sub.expect(Publish.class))).isEqualTo("3");
        sub.send(new PubComp(second.packetId(), ReasonCode.SUCCESS));
        assertThat(text(sub.expect(Publish.class))).isEqualTo("4");
    }

    @Test
    @Spec("MQTT5-3.3.4-9")
    void receiveMaximum_smallerAtTheReconnect_counts() {
        RawClient sub = subscribed(kept(V5, "s", false), topic("t"), Qos.AT_LEAST_ONCE);
        RawClient pub = connected(V5, "p");
        for (int i = 1; i <= 3; i++) {
            publish(pub, message(topic("t"), "" + i, Qos.AT_LEAST_ONCE, i));
            sub.expect(Publish.class);
        }
        sub.close();

        RawClient back =
                session(
                        connect(
                                V5,
                                "s",
                                false,
                                0,
                                null,
                                properties(120, 1, Packet.MAXIMUM_SIZE_BYTES)),
                        true);

        for (int i = 1; i <= 3; i++) {
            Publish publish = back.expect(Publish.class);
            assertThat(text(publish)).isEqualTo("" + i);
            fence(back);
            back.send(new PubAck(publish.packetId(), ReasonCode.SUCCESS));
        }
    }

    @Test
    @Spec("MQTT5 3.3.4")
    void receiveMaximumOfTheServer_exceeded_isToldAndCloses() {
        RawClient pub = server.open(V5).send(connect(V5, "p", true, 0, null, expiry(0)));
        int maximum = pub.expect(ConnAck.class).properties().receiveMaximum();
        Set<Integer> answered = new HashSet<>();
        for (int id = 1; id <= maximum; id++) {
            pub.send(message(topic("t"), "m", Qos.EXACTLY_ONCE, id));
            answered.add(pub.expect(PubRec.class).packetId());
        }
        assertThat(answered).hasSize(maximum);

        pub.send(message(topic("t"), "m", Qos.EXACTLY_ONCE, maximum + 1));

        expectDisconnect(pub, ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
    }

    private static Publish again(Publish first) {
        return new Publish(
                true,
                first.qos(),
                first.retain(),
                first.packetId(),
                first.topic(),
                first.topicAlias(),
                first.properties(),
                first.subscriptionIdentifiers(),
                first.payload());
    }
}
