package io.busbar.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.UnsubAck;
import io.busbar.mqtt.codec.Unsubscribe;
import io.busbar.testkit.client.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sections 3.8 to 3.11: SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK. */
class Chapter38SubscribeTest extends Conformance {
    @ParameterizedTest
    @CsvSource({"0,0,0", "0,2,0", "1,0,0", "1,1,1", "1,2,1", "2,1,1", "2,2,2"})
    @Spec({"MQTT5-3.8.4-8", "MQTT311-3.8.4-6"})
    void delivery_hasTheLowerOfBothQos(int published, int granted, int delivered) {
        for (ProtocolVersion version : new ProtocolVersion[] {V311, V5}) {
            RawClient sub =
                    subscribed(connected(version, "s" + version), topic("q"), Qos.of(granted));
            publish(
                    connected(version, "p" + version),
                    message(topic("q"), "m", Qos.of(published), published));
            assertThat(take(sub).qos()).isEqualTo(Qos.of(delivered));
            sub.close();
        }
    }

    @Test
    @Spec("MQTT5-3.8.3-3")
    void noLocal_ownMessage_isNotSentBack() {
        RawClient client = connected(V5, "a");
        subscribed(
                client,
                subscribe(topic("n"), Qos.AT_MOST_ONCE, 0, true, false, RetainHandling.SEND));
        publish(client, message(topic("n"), "own", Qos.AT_MOST_ONCE, 0));
        publish(connected(V5, "b"), message(topic("n"), "other", Qos.AT_MOST_ONCE, 0));
        assertThat(text(take(client))).isEqualTo("other");
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.8.4-3", "MQTT311-3.8.4-3", "MQTT5-3.8.4-4", "MQTT5-3.3.1-9"})
    void subscribe_again_replacesWithoutASecondCopyAndSendsRetainedAgain(ProtocolVersion version) {
        publish(
                connected(V5, "p"),
                message(topic("r"), "kept", Qos.AT_LEAST_ONCE, 1, true, MessageProperties.NONE));
        RawClient sub = connected(version, "s");
        subscribed(sub, topic("r"), Qos.AT_MOST_ONCE);
        assertThat(take(sub).retain()).isTrue();
        subscribed(sub, topic("r"), Qos.AT_LEAST_ONCE);
        Publish again = take(sub);
        assertThat(again.retain()).isTrue();
        assertThat(again.qos()).isEqualTo(Qos.AT_LEAST_ONCE);

        RawClient pub = connected(V5, "p2");
        publish(pub, message(topic("r"), "one", Qos.AT_MOST_ONCE, 0));
        publish(pub, message(topic("r"), "two", Qos.AT_MOST_ONCE, 0));
        assertThat(text(take(sub))).isEqualTo("one");
        assertThat(text(take(sub))).isEqualTo("two");
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.8.4-4", "MQTT311-3.8.4-3"})
    void subscribe_againWhileMessagesCome_losesNone(ProtocolVersion version) {
        RawClient sub = subscribed(connected(version, "s"), topic("t"), Qos.AT_LEAST_ONCE);
        RawClient pub = connected(version, "p");
        int count = 100;
        for (int i = 0; i < count; i++) {
            pub.send(message(topic("t"), "" + i, Qos.AT_LEAST_ONCE, i + 1));
            sub.send(subscribe(topic("t"), i % 2 == 0 ? Qos.EXACTLY_ONCE : Qos.AT_LEAST_ONCE));
        }

        int answers = 0;
        int messages = 0;
        while (answers < count || messages < count) {
            Packet packet = sub.next(Duration.ofSeconds(5));
            if (packet instanceof Publish publish) {
                assertThat(text(publish)).isEqualTo("" + messages++);
                sub.send(new PubAck(publish.packetId(), ReasonCode.SUCCESS));
            } else {
                assertThat(packet).isInstanceOf(SubAck.class);
                answers++;
            }
        }
        fence(sub);
    }

    @Test
    @Spec({"MQTT5-3.3.1-10", "MQTT5-3.3.1-11"})
    void retainHandling_saysWhetherRetainedMessagesAreSent() {
        RawClient pub = connected(V5, "p");
        publish(
                pub,
                message(topic("h"), "kept", Qos.AT_LEAST_ONCE, 1, true, MessageProperties.NONE));
        RawClient sub = connected(V5, "s");
        subscribed(sub, handling(RetainHandling.SEND_IF_NEW));
        assertThat(text(take(sub))).isEqualTo("kept");
        subscribed(sub, handling(RetainHandling.SEND_IF_NEW));
        subscribed(sub, handling(RetainHandling.DO_NOT_SEND));
        publish(pub, message(topic("h"), "fence", Qos.AT_MOST_ONCE, 0));
        assertThat(text(take(sub))).isEqualTo("fence");
    }

    private Subscribe handling(RetainHandling handling) {
        return subscribe(topic("h"), Qos.AT_MOST_ONCE, 0, false, false, handling);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({
        "MQTT5-3.10.4-1",
        "MQTT5-3.10.4-2",
        "MQTT5-3.10.4-4",
        "MQTT5-3.10.4-5",
        "MQTT311-3.10.4-1",
        "MQTT311-3.10.4-2",
        "MQTT311-3.10.4-4"
    })
    void unsubscribe_stopsTheFilterThatIsTheSameByteForByte(ProtocolVersion version) {
        RawClient sub = connected(version, "s");
        subscribed(sub, topic("u/+"), Qos.AT_MOST_ONCE);
        RawClient pub = connected(V5, "p");

        unsubscribe(
                sub, topic("u/a"), 3, version == V5 ? ReasonCode.NO_SUBSCRIPTION_EXISTED : null);
        publish(pub, message(topic("u/a"), "still", Qos.AT_MOST_ONCE, 0));
        assertThat(text(take(sub))).isEqualTo("still");

        unsubscribe(sub, topic("u/+"), 4, version == V5 ? ReasonCode.SUCCESS : null);
        subscribed(sub, topic("fence"), Qos.AT_MOST_ONCE);
        publish(pub, message(topic("u/a"), "no more", Qos.AT_MOST_ONCE, 0));
        publish(pub, message(topic("fence"), "fence", Qos.AT_MOST_ONCE, 0));
        assertThat(text(take(sub))).isEqualTo("fence");
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.10.4-3", "MQTT311-3.10.4-3"})
    void unsubscribe_whileADeliveryIsOnItsWay_theDeliveryIsCompleted(ProtocolVersion version) {
        RawClient sub = kept(version, "s", false);
        subscribed(sub, topic("c"), Qos.AT_LEAST_ONCE);
        publish(connected(V5, "p"), message(topic("c"), "m", Qos.AT_LEAST_ONCE, 1));
        int id = sub.expect(Publish.class).packetId();
        unsubscribe(sub, topic("c"), 5, version == V5 ? ReasonCode.SUCCESS : null);
        sub.close();

        RawClient back = kept(version, "s", true);
        Publish again = back.expect(Publish.class);
        assertThat(again.dup()).isTrue();
        assertThat(again.packetId()).isEqualTo(id);
        back.send(new PubAck(id, ReasonCode.SUCCESS));
        fence(back);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({"MQTT5-3.10.4-3", "MQTT311-3.10.4-3"})
    void unsubscribe_whileQos2IsOnItsWay_theDeliveryIsCompleted(ProtocolVersion version) {
        RawClient sub = kept(version, "s", false);
        subscribed(sub, topic("c"), Qos.EXACTLY_ONCE);
        RawClient pub = connected(V5, "p");
        publish(pub, message(topic("c"), "received", Qos.EXACTLY_ONCE, 1));
        publish(pub, message(topic("c"), "sent", Qos.EXACTLY_ONCE, 2));
        int received = sub.expect(Publish.class).packetId();
        int sent = sub.expect(Publish.class).packetId();
        sub.send(new PubRec(received, ReasonCode.SUCCESS));
        assertThat(sub.expect(PubRel.class).packetId()).isEqualTo(received);

        unsubscribe(sub, topic("c"), 5, version == V5 ? ReasonCode.SUCCESS : null);

        // One was before its PUBREC, the other after it.
        sub.send(new PubRec(sent, ReasonCode.SUCCESS));
        assertThat(sub.expect(PubRel.class).packetId()).isEqualTo(sent);
        sub.close();
        RawClient back = kept(version, "s", true);
        assertThat(back.expect(PubRel.class).packetId()).isEqualTo(received);
        assertThat(back.expect(PubRel.class).packetId()).isEqualTo(sent);
        back.send(new PubComp(received, ReasonCode.SUCCESS), new PubComp(sent, ReasonCode.SUCCESS));
        fence(back);
        back.close();
        fence(kept(version, "s", true));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5_0"})
    @Spec({
        "MQTT5-2.2.1-6",
        "MQTT5-3.8.4-1",
        "MQTT5-3.8.4-2",
        "MQTT5-3.8.4-5",
        "MQTT5-3.8.4-6",
        "MQTT5-3.8.4-7",
        "MQTT5-3.9.3-1",
        "MQTT5-3.9.3-2",
        "MQTT5-3.10.4-6",
        "MQTT5-3.11.3-1",
        "MQTT5-3.11.3-2",
        "MQTT311-2.3.1-7",
        "MQTT311-3.8.4-4",
        "MQTT311-3.8.4-5",
        "MQTT311-3.9.3-1",
        "MQTT311-3.9.3-2",
        "MQTT311-3.10.4-4",
        "MQTT311-3.10.4-6"
    })
    void severalFilters_areAnsweredAtOnce_inTheirOrder(ProtocolVersion version) {
        RawClient client = connected(version, "a");
        List<Subscribe.Entry> entries = new ArrayList<>();
        for (int qos = 2; qos >= 0; qos--) {
            entries.add(
                    new Subscribe.Entry(
                            TopicFilter.of(topic("q" + qos)),
                            Qos.of(qos),
                            false,
                            false,
                            RetainHandling.SEND));
        }

        client.send(new Subscribe(65_535, 0, List.of(), entries));

        SubAck granted = client.expect(SubAck.class);
        assertThat(granted.packetId()).isEqualTo(65_535);
        assertThat(granted.reasonCodes())
                .containsExactly(
                        ReasonCode.GRANTED_QOS_2, ReasonCode.GRANTED_QOS_1, ReasonCode.SUCCESS);
        RawClient pub = connected(V5, "p");
        for (int qos = 0; qos <= 2; qos++) {
            publish(pub, message(topic("q" + qos), "m", Qos.EXACTLY_ONCE, 1));
            assertThat(take(client).qos()).isEqualTo(Qos.of(qos));
        }

        client.send(
                new Unsubscribe(
                        1,
                        List.of(),
                        List.of(
                                TopicFilter.of(topic("q1")),
                                TopicFilter.of(topic("none")),
                                TopicFilter.of(topic("q2")))));

        UnsubAck removed = client.expect(UnsubAck.class);
        assertThat(removed.packetId()).isEqualTo(1);
        if (version == V5) {
            assertThat(removed.reasonCodes())
                    .containsExactly(
                            ReasonCode.SUCCESS,
                            ReasonCode.NO_SUBSCRIPTION_EXISTED,
                            ReasonCode.SUCCESS);
        }
        for (int qos = 2; qos >= 0; qos--) {
            publish(pub, message(topic("q" + qos), "to " + qos, Qos.EXACTLY_ONCE, 1));
        }
        assertThat(text(take(client))).isEqualTo("to 0");
        fence(client);
    }

    @Test
    @Spec("MQTT5-4.8.2-5")
    void sharedQos2Message_ofAMemberWhoseSessionEnds_goesToNobodyElse() {
        String filter = "$share/g/" + topic("t");
        RawClient first = subscribed(connected(V5, "m1"), filter, Qos.EXACTLY_ONCE);
        RawClient second = subscribed(connected(V5, "m2"), filter, Qos.EXACTLY_ONCE);
        RawClient pub = connected(V5, "p");
        publish(pub, message(topic("t"), "begun", Qos.EXACTLY_ONCE, 1));
        first.send(PingReq.INSTANCE);
        boolean firstHasIt = first.next(Duration.ofSeconds(5)) instanceof Publish;
        RawClient holder = firstHasIt ? first : second;
        RawClient other = firstHasIt ? second : first;

        holder.send(Disconnect.NORMAL);
        holder.expectClosed();
        publish(pub, message(topic("t"), "next", Qos.AT_LEAST_ONCE, 2));

        assertThat(text(take(other))).isEqualTo("next");
        fence(other);
    }

    private static void unsubscribe(
            RawClient client, String filter, int id, @Nullable ReasonCode code) {
        client.send(new Unsubscribe(id, List.of(), List.of(TopicFilter.of(filter))));
        UnsubAck answer = client.expect(UnsubAck.class);
        assertThat(answer.packetId()).isEqualTo(id);
        if (code != null) {
            assertThat(answer.reasonCodes()).containsExactly(code);
        }
    }
}
