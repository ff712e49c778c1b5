package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.spi.Permissions.SubscribeDecision;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketType;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.UnsubAck;
import io.busbar.mqtt.codec.Unsubscribe;
import io.busbar.testkit.access.ScriptedAccess;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryTest extends BrokerFixture {
    @Test // [MQTT5-4.3.2-2] [MQTT5-4.3.2-4]
    void qos1_isAcknowledgedAndDelivered() {
        FakeLink subscriber = subscriber("s", "t/#", Qos.AT_LEAST_ONCE);
        FakeLink publisher = client("p").says(publish("t/1", "x", Qos.AT_LEAST_ONCE, 7));

        assertThat(publisher.next(PubAck.class)).isEqualTo(new PubAck(7, ReasonCode.SUCCESS));
        Publish received = subscriber.next(Publish.class);
        assertThat(received.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(received.packetId()).isNotZero();
        assertThat(received.dup()).isFalse();
    }

    @Test
    void qos1_withoutSubscribers_isTold() {
        FakeLink publisher = client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 7));

        assertThat(publisher.next(PubAck.class).reasonCode())
                .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
    }

    @Test // [MQTT5-4.3.3-8] [MQTT5-4.3.3-10] [MQTT5-4.3.3-11]
    void qos2_sentAgainBeforePubrel_isDeliveredOnce() {
        FakeLink subscriber = subscriber("s", "t", Qos.AT_MOST_ONCE);
        FakeLink publisher = client("p");

        publisher.says(publish("t", "x", Qos.EXACTLY_ONCE, 7));
        publisher.says(publish("t", "x", Qos.EXACTLY_ONCE, 7));
        assertThat(publisher.next(PubRec.class).packetId()).isEqualTo(7);
        assertThat(publisher.next(PubRec.class).packetId()).isEqualTo(7);
        publisher.says(new PubRel(7, ReasonCode.SUCCESS));

        assertThat(publisher.next(PubComp.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(subscriber.texts()).containsExactly("x");
        publisher.says(new PubRel(7, ReasonCode.SUCCESS));
        assertThat(publisher.next(PubComp.class).reasonCode())
                .isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
    }

    @Test // [MQTT5-4.3.3-10]
    void qos2_sentAgainAfterReconnect_isDeliveredOnce() {
        FakeLink subscriber = subscriber("s", "t", Qos.EXACTLY_ONCE);
        connected(connect("p", false, 100)).says(publish("t", "x", Qos.EXACTLY_ONCE, 7)).lose();

        FakeLink again = connected(linkOnOtherLoop(), connect("p", false, 100));
        again.says(publish("t", "x", Qos.EXACTLY_ONCE, 7));

        again.next(PubRec.class);
        assertThat(subscriber.texts()).containsExactly("x");
    }

    @Test // [MQTT5-4.4.0-1] [MQTT5-4.4.0-2] [MQTT5-3.3.1-1]
    void unacknowledged_isSentAgainOnReconnectOnly_withDupAndTheSameIdentifiers() {
        FakeLink subscriber = connected(connect("s", false, 100));
        subscriber.says(subscribe("t", Qos.EXACTLY_ONCE)).next(SubAck.class);
        FakeLink publisher = client("p");
        publisher.says(
                publish("t", "1", Qos.AT_LEAST_ONCE, 1), publish("t", "2", Qos.EXACTLY_ONCE, 2));
        List<Publish> first = subscriber.publishes();
        advance(60_000);
        assertThat(subscriber.publishes()).isEmpty();
        subscriber.says(new PubRec(first.get(1).packetId(), ReasonCode.SUCCESS)).next(PubRel.class);
        subscriber.lose();

        FakeLink again = connected(linkOnOtherLoop(), connect("s", false, 100));

        assertThat(again.next(PubRel.class).packetId()).isEqualTo(first.get(1).packetId());
        Publish one = again.next(Publish.class);
        assertThat(one.dup()).isTrue();
        assertThat(one.packetId()).isEqualTo(first.get(0).packetId());
        assertThat(again.sent).isEmpty();
    }

    @Test // [MQTT5-3.3.4-9]
    void receiveMaximumOfTheClient_isNeverExceeded() {
        FakeLink subscriber =
                connected(connect("s", true, null, properties(0, 2, Packet.MAXIMUM_SIZE_BYTES)));
        subscriber.says(subscribe("t", Qos.AT_LEAST_ONCE)).next(SubAck.class);
        FakeLink publisher = client("p");
        for (int i = 1; i <= 5; i++) {
            publisher.says(publish("t", "" + i, Qos.AT_LEAST_ONCE, i));
        }

        List<Publish> sent = subscriber.publishes();
        assertThat(sent).hasSize(2);
        subscriber.acknowledge(sent.get(0));
        assertThat(subscriber.publishes()).hasSize(1);
        subscriber.acknowledge(sent.get(1));
        assertThat(subscriber.publishes()).hasSize(1);
    }

    @Test // section 3.3.4: 0x93
    void receiveMaximumOfTheServer_exceeded_disconnects() {
        FakeLink publisher = client("p");
        for (int i = 1; i <= 21; i++) {
            publisher.says(publish("t", "x", Qos.EXACTLY_ONCE, i));
        }
        for (int i = 1; i <= 20; i++) {
            publisher.next(PubRec.class);
        }

        assertThat(publisher.next(Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
    }

    @Test // [MQTT5-3.1.2-24] [MQTT5-3.1.2-25]
    void maximumPacketSizeOfTheClient_largerIsDroppedAsIfDelivered() {
        FakeLink subscriber = connected(connect("s", true, null, properties(0, 10, 40)));
        subscriber.says(subscribe("t", Qos.AT_LEAST_ONCE)).next(SubAck.class);

        client("p")
                .says(
                        publish("t", "x".repeat(100), Qos.AT_LEAST_ONCE, 1),
                        publish("t", "small", Qos.AT_LEAST_ONCE, 2));

        assertThat(subscriber.texts()).containsExactly("small");
        assertThat(broker.stats().losses().dropped()).isEqualTo(1);
    }

    @Test // [MQTT5-3.3.4-2] [MQTT5-3.3.4-3] [MQTT5-3.3.4-4]
    void overlapping_oneCopyWithHighestQosAndAllIdentifiers() {
        FakeLink subscriber = client("s");
        subscriber.says(subscribe("a/#", Qos.AT_MOST_ONCE, 5, false, false, RetainHandling.SEND));
        subscriber.says(subscribe("a/+", Qos.AT_LEAST_ONCE, 6, false, false, RetainHandling.SEND));
        subscriber.sent.clear();

        client("p").says(publish("a/b", "x", Qos.EXACTLY_ONCE, 1));

        Publish received = subscriber.next(Publish.class);
        assertThat(received.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(received.subscriptionIdentifiers()).containsExactly(5, 6);
        assertThat(subscriber.sent).isEmpty();
    }

    @Test // [MQTT5-3.3.4-4]
    void overlapping_identifiersAscend_alsoAfterTheSessionWasResumed() {
        FakeLink subscriber = connected(connect("s", false, 100));
        subscriber.says(
                subscribe("a/b", Qos.AT_LEAST_ONCE, 900, false, false, RetainHandling.SEND),
                subscribe("a/+", Qos.AT_LEAST_ONCE, 5, false, false, RetainHandling.SEND),
                subscribe("#", Qos.AT_LEAST_ONCE, 30, false, false, RetainHandling.SEND));
        subscriber.sent.clear();
        FakeLink publisher = client("p");
        publisher.says(publish("a/b", "online", Qos.AT_LEAST_ONCE, 1));
        assertThat(subscriber.next(Publish.class).subscriptionIdentifiers())
                .containsExactly(5, 30, 900);
        subscriber.lose();
        publisher.says(publish("a/b", "offline", Qos.AT_LEAST_ONCE, 2));

        FakeLink again = connected(linkOnOtherLoop(), connect("s", false, 100));

        assertThat(again.next(Publish.class).subscriptionIdentifiers()).containsExactly(5, 30, 900);
        assertThat(again.next(Publish.class).subscriptionIdentifiers()).containsExactly(5, 30, 900);
    }

    @Test // [MQTT5-3.8.3-3]
    void noLocal_ownMessagesAreNotSent() {
        FakeLink both = client("s");
        both.says(subscribe("t", Qos.AT_MOST_ONCE, 0, true, false, RetainHandling.SEND));
        both.sent.clear();

        both.says(publish("t", "own", Qos.AT_MOST_ONCE, 0));
        client("p").says(publish("t", "other", Qos.AT_MOST_ONCE, 0));

        assertThat(both.texts()).containsExactly("other");
    }

    @Test // [MQTT5-3.3.1-12] [MQTT5-3.3.1-13]
    void retainAsPublished_keepsTheFlag() {
        FakeLink keeps = client("k");
        keeps.says(subscribe("t", Qos.AT_MOST_ONCE, 0, false, true, RetainHandling.SEND));
        keeps.sent.clear();
        FakeLink clears = subscriber("c", "t", Qos.AT_MOST_ONCE);

        client("p").says(retain("t", "x"));

        assertThat(keeps.next(Publish.class).retain()).isTrue();
        assertThat(clears.next(Publish.class).retain()).isFalse();
    }

    @Test // [MQTT5-3.3.1-5] [MQTT5-3.3.1-6] [MQTT5-3.3.1-8]
    void retained_isSentAtSubscribe_untilAnEmptyPayloadRemovesIt() {
        client("p").says(retain("plant/speed", "41"), retain("plant/speed", "42"));
        FakeLink first = subscriber("a", "plant/+", Qos.AT_MOST_ONCE);
        Publish received = first.next(Publish.class);
        assertThat(received.retain()).isTrue();
        assertThat(received.payload()).isEqualTo(bytes("42"));

        client("p").says(retain("plant/speed", ""));

        assertThat(subscriber("b", "plant/+", Qos.AT_MOST_ONCE).sent).isEmpty();
        assertThat(broker.stats().messages().retained()).isZero();
    }

    @Test // [MQTT5-3.3.1-9] [MQTT5-3.3.1-10] [MQTT5-3.3.1-11]
    void retainHandling_decidesWhenRetainedAreSent() {
        client("p").says(retain("t", "x"));
        FakeLink link = client("s");

        assertThat(retainedOf(link, RetainHandling.DO_NOT_SEND)).isZero();
        assertThat(retainedOf(link, RetainHandling.SEND_IF_NEW)).isZero();
        assertThat(retainedOf(link, RetainHandling.SEND)).isEqualTo(1);
        link.says(new Unsubscribe(2, List.of(), List.of(TopicFilter.of("t")))).next(UnsubAck.class);
        assertThat(retainedOf(link, RetainHandling.SEND_IF_NEW)).isEqualTo(1);
    }

    private int retainedOf(FakeLink link, RetainHandling handling) {
        link.says(subscribe("t", Qos.AT_MOST_ONCE, 0, false, false, handling)).next(SubAck.class);
        return link.publishes().size();
    }

    @Test // [MQTT5-3.3.2-5] [MQTT5-3.3.2-6]
    void messageExpiry_countsDownWhileWaiting_andDropsWhatIsTooOld() {
        FakeLink subscriber = connected(connect("s", false, 1_000));
        subscriber.says(subscribe("t", Qos.AT_LEAST_ONCE)).next(SubAck.class);
        subscriber.lose();
        client("p")
                .says(
                        expiring("t", "short", Qos.AT_LEAST_ONCE, 1, 5),
                        expiring("t", "long", Qos.AT_LEAST_ONCE, 2, 100));

        advance(10_000);
        FakeLink again = connected(connect("s", false, 1_000));

        Publish received = again.next(Publish.class);
        assertThat(received.payload()).isEqualTo(bytes("long"));
        assertThat(received.properties().messageExpirySeconds()).isEqualTo(90);
        assertThat(again.sent).isEmpty();
    }

    @Test
    void retained_expires() {
        client("p")
                .says(
                        new Publish(
                                false,
                                Qos.AT_MOST_ONCE,
                                true,
                                0,
                                TopicName.of("t"),
                                0,
                                new MessageProperties(-1, 5, null, null, null, List.of()),
                                NONE,
                                bytes("x")));

        advance(7_000);

        assertThat(subscriber("s", "t", Qos.AT_MOST_ONCE).sent).isEmpty();
        assertThat(broker.stats().messages().retained()).isZero();
    }

    @Test // [MQTT5-3.3.2-9] [MQTT5-3.3.2-12]
    void topicAlias_standsForItsTopic_andBeyondTheMaximumDisconnects() {
        FakeLink subscriber = subscriber("s", "t", Qos.AT_MOST_ONCE);
        FakeLink publisher = client("p");
        publisher.says(aliased("t", 3, "1"), aliased(null, 3, "2"));
        assertThat(subscriber.texts()).containsExactly("1", "2");

        publisher.says(aliased("t", 6, "3"));

        assertThat(publisher.next(Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.TOPIC_ALIAS_INVALID);
    }

    private static Publish aliased(String topic, int alias, String text) {
        return new Publish(
                false,
                Qos.AT_MOST_ONCE,
                false,
                0,
                topic == null ? null : TopicName.of(topic),
                alias,
                MessageProperties.NONE,
                NONE,
                bytes(text));
    }

    // [MQTT5-3.3.4-10] [MQTT5-4.9.0-3] [MQTT311-4.6.0-4] [MQTT311-4.6.0-6]
    @Test
    void pubrel_afterAReconnect_comesInTheOrderOfPubrec_whateverTheReceiveMaximum() {
        FakeLink subscriber = connected(connect("s", false, 100));
        subscriber.says(subscribe("t", Qos.EXACTLY_ONCE)).next(SubAck.class);
        FakeLink publisher = client("p");
        publisher.says(publish("t", "0", Qos.AT_LEAST_ONCE, 9));
        for (int i = 1; i <= 3; i++) {
            publisher.says(publish("t", "" + i, Qos.EXACTLY_ONCE, i));
        }
        List<Publish> got = subscriber.publishes();
        int[] order = {
            got.get(3).packetId(), got.get(1).packetId(), got.get(2).packetId(),
        };
        for (int id : order) {
            subscriber.says(new PubRec(id, ReasonCode.SUCCESS)).next(PubRel.class);
        }
        subscriber.lose();

        FakeLink again = connected(connect("s", false, null, properties(100, 1, 1_000)));

        for (int id : order) {
            assertThat(again.next(PubRel.class).packetId()).isEqualTo(id);
        }
        Publish first = again.next(Publish.class);
        assertThat(first.packetId()).isEqualTo(got.get(0).packetId());
        publisher.says(publish("t", "4", Qos.AT_LEAST_ONCE, 10));
        assertThat(again.sent).isEmpty(); // one is unacknowledged, as many as the client takes
        for (int id : order) {
            again.says(new PubComp(id, ReasonCode.SUCCESS));
        }
        assertThat(again.sent).isEmpty();
        again.says(new PubAck(first.packetId(), ReasonCode.SUCCESS));
        assertThat(again.texts()).containsExactly("4");
        assertThat(broker.stats().messages().inflight()).isZero();
    }

    @Test
    void shared_oneMemberPerMessage_inTurn() {
        FakeLink a = subscriber("a", "$share/g/t", Qos.AT_LEAST_ONCE);
        FakeLink b = connected(linkOnOtherLoop(), connect("b", true, 0));
        b.says(subscribe("$share/g/t", Qos.AT_LEAST_ONCE)).next(SubAck.class);
        FakeLink publisher = client("p");
        for (int i = 1; i <= 6; i++) {
            publisher.says(publish("t", "" + i, Qos.AT_LEAST_ONCE, i));
        }

        assertThat(a.texts()).hasSize(3);
        assertThat(b.texts()).hasSize(3);
    }

    @Test
    void shared_memberThatMayNotReceive_takesNothingAwayFromTheOthers() {
        access.subscribing(filter -> SubscribeDecision.FILTERED);
        FakeLink denied = subscriber("a", "$share/g/#", Qos.AT_LEAST_ONCE);
        access.subscribing(filter -> SubscribeDecision.GRANTED);
        FakeLink other = subscriber("b", "$share/g/#", Qos.AT_LEAST_ONCE);
        access.receiving(topic -> false);

        FakeLink publisher = client("p");
        for (int i = 0; i < 10; i++) {
            publisher.says(publish("t", "x", Qos.AT_LEAST_ONCE, 1)).next(PubAck.class);
        }

        assertThat(denied.texts()).isEmpty();
        assertThat(other.texts()).hasSize(10);
    }

    @Test
    void shared_whatALeavingMemberOwesGoesToAnother() {
        FakeLink a = subscriber("a", "$share/g/t", Qos.AT_LEAST_ONCE);
        FakeLink b = subscriber("b", "$share/g/t", Qos.AT_LEAST_ONCE);
        FakeLink publisher = client("p");
        publisher.says(
                publish("t", "1", Qos.AT_LEAST_ONCE, 1), publish("t", "2", Qos.AT_LEAST_ONCE, 2));
        assertThat(a.publishes()).hasSize(1);
        List<String> ofB = b.texts();

        a.lose();

        assertThat(ofB).hasSize(1);
        assertThat(b.texts()).hasSize(1);
    }

    @Test // [MQTT5-3.1.2-25]
    void qos2_tooLargeForTheClient_holdsNothingUp() {
        FakeLink subscriber = connected(connect("s", true, null, properties(100, 1, 60)));
        subscriber.says(subscribe("t", Qos.EXACTLY_ONCE)).next(SubAck.class);
        FakeLink publisher = client("p");

        publisher.sendWithinTurn(publish("t", "x".repeat(100), Qos.EXACTLY_ONCE, 1));
        publisher.sendWithinTurn(publish("t", "small", Qos.EXACTLY_ONCE, 2));

        assertThat(subscriber.texts()).containsExactly("small");
    }

    @Test
    void queue_isBounded_andCountsWhatItDrops() {
        FakeLink subscriber = connected(connect("s", false, 100));
        subscriber.says(subscribe("t", Qos.AT_LEAST_ONCE)).next(SubAck.class);
        subscriber.lose();
        FakeLink publisher = client("p");
        for (int i = 1; i <= 15; i++) {
            publisher.says(publish("t", "" + i, Qos.AT_LEAST_ONCE, i));
        }

        FakeLink again = connected(connect("s", false, 100));

        assertThat(again.texts()).hasSize(10).startsWith("1", "2").endsWith("10");
        assertThat(broker.stats().losses().dropped()).isEqualTo(5);
    }

    @Test
    void slowSubscriber_holdsPublishersForAWhile_thenLosesMessages() {
        FakeLink slow = subscriber("s", "t", Qos.AT_MOST_ONCE);
        FakeLink publisher = publishesMuch(client("p"));
        slow.writable = false;
        slow.pending = 500;

        publisher.says(
                publish("t", "1", Qos.AT_MOST_ONCE, 0), publish("t", "2", Qos.AT_MOST_ONCE, 0));
        assertThat(publisher.reading).isFalse();
        assertThat(slow.texts()).containsExactly("1");

        slow.pending = 5_000;
        advance(2_000);
        assertThat(publisher.reading).isTrue();
        publisher.says(publish("t", "3", Qos.AT_MOST_ONCE, 0));
        assertThat(publisher.reading).isTrue();
        assertThat(slow.texts()).isEmpty();
        assertThat(broker.stats().losses().dropped()).isEqualTo(2);

        slow.pending = 0;
        slow.writable(true);
        publisher.says(publish("t", "4", Qos.AT_MOST_ONCE, 0));
        assertThat(slow.texts()).containsExactly("4");
    }

    @Test
    void slowSubscriber_ofEverything_doesNotHoldWhoPublishesLittle() {
        FakeLink slow = subscriber("s", "#", Qos.AT_MOST_ONCE);
        FakeLink much = publishesMuch(client("much"));
        FakeLink little = client("little");
        slow.writable = false;

        much.says(publish("t", "1", Qos.AT_MOST_ONCE, 0));
        little.says(publish("u", "2", Qos.AT_MOST_ONCE, 0), publish("u", "3", Qos.AT_MOST_ONCE, 0));

        assertThat(much.reading).isFalse();
        assertThat(little.reading).isTrue();
    }

    /** More in a second than is left alone. */
    private static FakeLink publishesMuch(FakeLink publisher) {
        return publisher.says(
                publish("elsewhere", "x".repeat((64 << 10) + 1), Qos.AT_MOST_ONCE, 0));
    }

    @Test
    void heldPublisher_goesOnWhenTheSubscriberTakesMessagesAgain() {
        FakeLink slow = subscriber("s", "t", Qos.AT_MOST_ONCE);
        FakeLink publisher = publishesMuch(connected(linkOnOtherLoop(), connect("p", true, 0)));
        slow.writable = false;
        publisher.says(publish("t", "1", Qos.AT_MOST_ONCE, 0));
        publisher.says(
                publish("t", "2", Qos.AT_MOST_ONCE, 0), publish("t", "3", Qos.AT_MOST_ONCE, 0));
        assertThat(publisher.reading).isFalse();

        slow.writable(true);

        assertThat(publisher.reading).isTrue();
        assertThat(slow.texts()).containsExactly("1", "2", "3");
    }

    @Test
    void deniedPublish_isToldToMqtt5AndListed() {
        access.publishing(topic -> false);
        FakeLink subscriber = subscriber("s", "t", Qos.AT_LEAST_ONCE);
        FakeLink publisher = client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 1));

        assertThat(publisher.next(PubAck.class).reasonCode()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(subscriber.texts()).isEmpty();
        assertThat(broker.rejections().list())
                .singleElement()
                .satisfies(rejection -> assertThat(rejection.what().detail()).isEqualTo("rule 1"));
    }

    @Test // section 3.3.2.3.2
    void payload_thatIsNotTheTextItSays_isAnsweredSo_andNotDelivered() {
        FakeLink subscriber = subscriber("s", "t", Qos.AT_LEAST_ONCE);
        FakeLink publisher = client("p");

        publisher.says(text(1, new byte[] {(byte) 0xC3}), text(2, bytes("ü")));

        assertThat(publisher.next(PubAck.class).reasonCode())
                .isEqualTo(ReasonCode.PAYLOAD_FORMAT_INVALID);
        assertThat(publisher.next(PubAck.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(subscriber.texts()).containsExactly("ü");
    }

    private static Publish text(int packetId, byte[] payload) {
        return new Publish(
                false,
                Qos.AT_LEAST_ONCE,
                false,
                packetId,
                io.busbar.api.mqtt.TopicName.of("t"),
                0,
                new io.busbar.api.mqtt.MessageProperties(1, -1, null, null, null, List.of()),
                NONE,
                payload);
    }

    @Test // [MQTT311-3.3.5-2]
    void deniedPublish_ofMqtt311_isAcknowledgedAndDropped() {
        access.publishing(topic -> false);
        FakeLink publisher = connected(connect311("p", true));

        publisher.says(publish("t", "x", Qos.EXACTLY_ONCE, 1));
        assertThat(publisher.next(PubRec.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        publisher.says(new PubRel(1, ReasonCode.SUCCESS));

        assertThat(publisher.next(PubComp.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(broker.stats().losses().denied()).isEqualTo(1);
    }

    @Test
    void systemTopics_areNotForClients() {
        FakeLink publisher =
                client("p").says(publish("$SYS/broker/version", "x", Qos.AT_LEAST_ONCE, 1));

        assertThat(publisher.next(PubAck.class).reasonCode()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    @Test
    void subscription_widerThanTheRights_isFilteredAtDelivery() {
        access.subscribing(filter -> SubscribeDecision.FILTERED);
        access.receiving(topic -> topic.startsWith("mine/"));
        FakeLink subscriber = subscriber("s", "#", Qos.AT_LEAST_ONCE);

        client("p")
                .says(
                        publish("mine/1", "yes", Qos.AT_LEAST_ONCE, 1),
                        publish("other/1", "no", Qos.AT_LEAST_ONCE, 2));

        assertThat(subscriber.texts()).containsExactly("yes");
    }

    @Test
    void rights_takenAway_holdFromTheNextMessageOn() {
        FakeLink subscriber = subscriber("s", "#", Qos.AT_LEAST_ONCE);
        FakeLink publisher = client("p");
        publisher.says(publish("t", "1", Qos.AT_LEAST_ONCE, 1));
        assertThat(subscriber.texts()).containsExactly("1");

        access.subscribing(filter -> SubscribeDecision.DENIED);
        access.receiving(topic -> false);
        broker.clients().update(ScriptedAccess.principal("", 0), Actor.SERVER);
        settle();
        publisher.says(publish("t", "2", Qos.AT_LEAST_ONCE, 2));

        assertThat(subscriber.texts()).isEmpty();
    }

    @Test
    void subscription_denied_getsItsReasonAndNothingElse() {
        access.subscribing(
                filter ->
                        filter.value().equals("secret")
                                ? SubscribeDecision.DENIED
                                : SubscribeDecision.GRANTED);
        FakeLink link = client("s").says(subscribe("secret", Qos.AT_LEAST_ONCE));

        assertThat(link.next(SubAck.class).reasonCodes())
                .containsExactly(ReasonCode.NOT_AUTHORIZED);
        assertThat(broker.clients().subscriptions("s")).isEmpty();
    }

    @Test // [MQTT5-4.6.0-6]
    void order_perTopic_isKeptWhileTheSubscriberMovesBetweenLoops() {
        FakeLink subscriber = connected(connect("s", false, 100));
        subscriber.says(subscribe("t", Qos.AT_LEAST_ONCE)).next(SubAck.class);
        FakeLink publisher = connected(linkOnOtherLoop(), connect("p", true, 0));

        publisher.says(publish("t", "1", Qos.AT_LEAST_ONCE, 1));
        FakeLink moved = linkOnOtherLoop();
        moved.sendWithinTurn(connect("s", false, 100));
        publisher.sendWithinTurn(publish("t", "2", Qos.AT_LEAST_ONCE, 2));
        publisher.sendWithinTurn(publish("t", "3", Qos.AT_LEAST_ONCE, 3));
        settle();

        moved.next(io.busbar.mqtt.codec.ConnAck.class);
        assertThat(moved.texts()).containsExactly("1", "2", "3");
    }

    @ParameterizedTest // section 4.13.1: out of order
    @CsvSource({
        "AT_LEAST_ONCE, PUBREC",
        "AT_LEAST_ONCE, PUBCOMP",
        "EXACTLY_ONCE, PUBACK",
        "EXACTLY_ONCE, PUBCOMP"
    })
    void acknowledgement_ofTheWrongKind_isAProtocolError(Qos qos, PacketType kind) {
        FakeLink sub = subscriber("sub", "t", qos);
        client("pub").says(publish("t", "x", qos, 1));
        int id = sub.next(Publish.class).packetId();

        sub.says(answer(kind, id));

        assertThat(sub.next(Disconnect.class).reasonCode()).isEqualTo(ReasonCode.PROTOCOL_ERROR);
        assertThat(sub.closed).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = PacketType.class,
            names = {"PUBACK", "PUBCOMP"})
    void acknowledgement_ofNothing_isIgnored(PacketType kind) {
        FakeLink sub = subscriber("sub", "t", Qos.EXACTLY_ONCE);

        sub.says(answer(kind, 77));

        assertThat(sub.sent).isEmpty();
        assertThat(sub.closed).isFalse();
    }

    @Test // section 3.6.2.1
    void pubrec_ofNothing_isAnsweredNotFound() {
        FakeLink sub = subscriber("sub", "t", Qos.EXACTLY_ONCE);

        sub.says(answer(PacketType.PUBREC, 77));

        assertThat(sub.next(PubRel.class).reasonCode())
                .isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
    }

    private static Packet answer(PacketType kind, int id) {
        return switch (kind) {
            case PUBACK -> new PubAck(id, ReasonCode.SUCCESS);
            case PUBREC -> new PubRec(id, ReasonCode.SUCCESS);
            default -> new PubComp(id, ReasonCode.SUCCESS);
        };
    }
}
