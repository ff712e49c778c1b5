package io.busbar.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.testkit.client.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sections 4.7 and 4.8: topic names, topic filters and subscriptions. */
class Chapter47TopicsTest extends Conformance {
    @ParameterizedTest
    @CsvSource({
        "sport/#, sport, true",
        "sport/#, sport/a/b, true",
        "sport/#, sports, false",
        "sport/+, sport/a, true",
        "sport/+, sport, false",
        "sport/+, sport/, true",
        "sport/+, sport/a/b, false",
        "+/a/#, sport/a, true",
        "sport/a, sport/A, false",
        "sport/a, /sport/a, false",
        "sport/a, sport/a/, false",
        "sport//a, sport//a, true",
        "sport/+/a, sport//a, true",
        "sport/a b, sport/a b, true"
    })
    @Spec({
        "MQTT5-4.7.1-1",
        "MQTT5-4.7.1-2",
        "MQTT5-4.7.3-4",
        "MQTT311-4.7.1-2",
        "MQTT311-4.7.1-3",
        "MQTT311-4.7.3-4"
    })
    void filter_matchesLevelByLevelAndCharacterByCharacter(
            String filter, String topic, boolean matches) {
        String root = topic("x") + "/";
        for (ProtocolVersion version : new ProtocolVersion[] {V311, V5}) {
            RawClient sub =
                    subscribed(connected(version, "s" + version), root + filter, Qos.AT_MOST_ONCE);
            subscribed(sub, topic("fence"), Qos.AT_MOST_ONCE);
            RawClient pub = connected(version, "p" + version);
            publish(pub, message(root + topic, "m", Qos.AT_MOST_ONCE, 0));
            publish(pub, message(topic("fence"), "fence", Qos.AT_MOST_ONCE, 0));
            assertThat(text(take(sub))).isEqualTo(matches ? "m" : "fence");
            sub.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"#", "+/x", "+/#"})
    @Spec({"MQTT5-4.7.2-1", "MQTT311-4.7.2-1"})
    void filter_thatStartsWithAWildcard_doesNotMatchDollarTopics(String filter) {
        String dollar = "$" + topic("d").replace('/', '-') + "/x";
        for (ProtocolVersion version : new ProtocolVersion[] {V311, V5}) {
            RawClient sub = subscribed(connected(version, "s" + version), filter, Qos.AT_MOST_ONCE);
            subscribed(sub, topic("fence"), Qos.AT_MOST_ONCE);
            RawClient pub = connected(version, "p" + version);
            publish(pub, message(dollar, "no", Qos.AT_MOST_ONCE, 0));
            publish(pub, message(topic("fence"), "fence", Qos.AT_MOST_ONCE, 0));
            assertThat(text(take(sub))).isEqualTo("fence");
            sub.close();
        }
    }

    @Test
    @Spec({"MQTT5-4.8.2-1", "MQTT5 4.8.2"})
    void sharedSubscription_eachMessageGoesToOneMember() {
        String filter = "$share/g/" + topic("w");
        RawClient first = subscribed(connected(V5, "a"), filter, Qos.AT_MOST_ONCE);
        RawClient second = subscribed(connected(V5, "b"), filter, Qos.AT_MOST_ONCE);
        subscribed(first, topic("fence"), Qos.AT_MOST_ONCE);
        subscribed(second, topic("fence"), Qos.AT_MOST_ONCE);
        RawClient pub = connected(V5, "p");
        for (int i = 0; i < 20; i++) {
            publish(pub, message(topic("w"), "m", Qos.AT_MOST_ONCE, 0));
        }
        publish(pub, message(topic("fence"), "fence", Qos.AT_MOST_ONCE, 0));
        assertThat(untilFence(first) + untilFence(second)).isEqualTo(20);
    }

    private static int untilFence(RawClient client) {
        int count = 0;
        while (!text(take(client)).equals("fence")) {
            count++;
        }
        return count;
    }

    @Test
    @Spec("MQTT5-4.8.2-3")
    void sharedSubscription_respectsTheQosOfTheMember() {
        RawClient sub = subscribed(connected(V5, "s"), "$share/g/" + topic("q"), Qos.AT_MOST_ONCE);
        publish(connected(V5, "p"), message(topic("q"), "m", Qos.AT_LEAST_ONCE, 1));
        assertThat(take(sub).qos()).isEqualTo(Qos.AT_MOST_ONCE);
    }

    @Test
    @Spec("MQTT5-4.8.2-4")
    void sharedQos2Message_thatHasBegun_isCompletedWithItsMember() {
        String filter = "$share/g/" + topic("q");
        RawClient member = subscribed(kept(V5, "a", false), filter, Qos.EXACTLY_ONCE);
        RawClient pub = connected(V5, "p");
        publish(pub, message(topic("q"), "m", Qos.EXACTLY_ONCE, 1));
        Publish begun = member.expect(Publish.class);
        RawClient other = subscribed(connected(V5, "b"), filter, Qos.EXACTLY_ONCE);
        subscribed(other, topic("fence"), Qos.AT_MOST_ONCE);

        // Interrupted before PUBREC, then after it.
        member.close();
        member = kept(V5, "a", true);
        Publish again = member.expect(Publish.class);
        assertThat(again.dup()).isTrue();
        assertThat(again.packetId()).isEqualTo(begun.packetId());
        member.send(new PubRec(begun.packetId(), ReasonCode.SUCCESS));
        assertThat(member.expect(PubRel.class).packetId()).isEqualTo(begun.packetId());
        member.close();
        member = kept(V5, "a", true);
        assertThat(member.expect(PubRel.class).packetId()).isEqualTo(begun.packetId());
        member.send(new PubComp(begun.packetId(), ReasonCode.SUCCESS));
        fence(member);

        publish(pub, message(topic("fence"), "fence", Qos.AT_MOST_ONCE, 0));
        assertThat(text(take(other))).isEqualTo("fence");
    }

    @Test
    @Spec("MQTT5-4.8.2-6")
    void sharedSubscription_refusedByTheMember_isNotTriedWithAnother() {
        String filter = "$share/g/" + topic("e");
        RawClient member = subscribed(connected(V5, "a"), filter, Qos.AT_LEAST_ONCE);
        RawClient pub = connected(V5, "p");
        publish(pub, message(topic("e"), "m", Qos.AT_LEAST_ONCE, 1));
        Publish delivered = member.expect(Publish.class);
        RawClient other = subscribed(connected(V5, "b"), filter, Qos.AT_LEAST_ONCE);
        subscribed(other, topic("fence"), Qos.AT_MOST_ONCE);
        member.send(new PubAck(delivered.packetId(), ReasonCode.NOT_AUTHORIZED));
        member.send(PingReq.INSTANCE);
        member.expect(PingResp.class);
        publish(pub, message(topic("fence"), "fence", Qos.AT_MOST_ONCE, 0));
        assertThat(text(take(other))).isEqualTo("fence");
    }

    @Test
    @Spec("MQTT5 4.8.2")
    void sharedSubscription_getsNoRetainedMessages() {
        RawClient pub = connected(V5, "p");
        publish(
                pub,
                message(topic("r"), "kept", Qos.AT_LEAST_ONCE, 1, true, MessageProperties.NONE));
        RawClient sub = subscribed(connected(V5, "s"), "$share/g/" + topic("r"), Qos.AT_LEAST_ONCE);
        publish(pub, message(topic("r"), "new", Qos.AT_MOST_ONCE, 0));
        assertThat(text(take(sub))).isEqualTo("new");
    }
}
