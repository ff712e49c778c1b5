package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.UnsubAck;
import io.busbar.mqtt.codec.Unsubscribe;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.time.Await;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters and topics: deep, many, changing, malformed, made to collide. */
class AttackByTopicsTest extends UnderAttack {
    private static final int PAIRS = 17;
    private static final int AT_ONCE = 1_000;

    AttackByTopicsTest() {
        super(Map.of());
    }

    @Test
    void filterOfManyThousandLevels_isRefused_andTheConnectionGoesOn() {
        RawClient client = connected("attacker");

        client.send(subscribe("/".repeat(65_000)), subscribe("+/".repeat(30_000) + "#"));

        for (int i = 0; i < 2; i++) {
            assertThat(client.expect(SubAck.class).reasonCodes())
                    .containsExactly(ReasonCode.TOPIC_FILTER_INVALID);
        }
        assertNothingComes(client);
        assertThat(refusals(Rejection.Cause.FILTER_TOO_DEEP)).isEqualTo(2);
    }

    @Test
    void topicOfManyThousandLevels_isRefused_andTheConnectionGoesOn() {
        RawClient client = connected("attacker");

        client.send(publish("/".repeat(65_000), "x", Qos.AT_LEAST_ONCE, 1));

        assertThat(client.expect(PubAck.class).reasonCode())
                .isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
        assertNothingComes(client);
        assertThat(refusals(Rejection.Cause.TOPIC_TOO_DEEP)).isEqualTo(1);
        assertThat(stats().losses().denied()).isEqualTo(1);
    }

    @Test
    void wildcardsOfEveryShape_overOneTopic_bringItOnce() {
        RawClient client = connected("attacker");
        List<String> filters = new ArrayList<>();
        for (int bits = 0; bits < 1 << 12; bits++) {
            StringBuilder filter = new StringBuilder();
            for (int level = 0; level < 12; level++) {
                filter.append(level == 0 ? "" : "/").append((bits >> level & 1) == 0 ? "a" : "+");
            }
            filters.add(filter.toString());
        }
        subscribeAll(client, filters);

        connected("p").send(publish("a" + "/a".repeat(11), "x", Qos.AT_MOST_ONCE, 0));

        client.expect(Publish.class);
        assertNothingComes(client);
        served();
        assertMemoryBelow(16);
    }

    private static void subscribeAll(RawClient client, List<String> filters) {
        for (int from = 0; from < filters.size(); from += AT_ONCE) {
            List<Subscribe.Entry> entries = new ArrayList<>();
            for (String filter : filters.subList(from, Math.min(filters.size(), from + AT_ONCE))) {
                entries.add(new Subscribe.Entry(TopicFilter.of(filter), Qos.AT_MOST_ONCE));
            }
            client.send(new Subscribe(1, 0, List.of(), entries));
            assertThat(client.expect(SubAck.class).reasonCodes()).containsOnly(ReasonCode.SUCCESS);
        }
    }

    @Test
    void moreSubscriptionsThanASessionMayHave_areRefusedWithQuota() {
        RawClient client = connected("attacker");
        List<String> filters = new ArrayList<>();
        for (int i = 0; i < RunningBroker.LIMITS.sessions().maxSubscriptions(); i++) {
            filters.add("a/" + i);
        }
        subscribeAll(client, filters);

        client.send(subscribe("a/more"));

        assertThat(client.expect(SubAck.class).reasonCodes())
                .containsExactly(ReasonCode.QUOTA_EXCEEDED);
        assertThat(stats().subscriptions().total()).isEqualTo(filters.size());
        assertThat(refusals(Rejection.Cause.TOO_MANY_SUBSCRIPTIONS)).isEqualTo(1);
        served();
        assertMemoryBelow(32);
    }

    @Test
    void levelsWithEqualHashes_areSubscribedAndFound_inTime() {
        List<String> levels = colliding(PAIRS);
        List<RawClient> clients = new ArrayList<>();
        for (int from = 0; from < levels.size(); from += 8_192) {
            RawClient client = connected("attacker" + from);
            clients.add(client);
            List<String> filters = new ArrayList<>();
            levels.subList(from, from + 8_192).forEach(level -> filters.add(level + "/" + level));
            subscribeAll(client, filters);
        }
        assertThat(stats().subscriptions().total()).isEqualTo(levels.size());

        RawClient publisher = connected("publisher");
        for (String level : levels) {
            publisher.send(publish(level + "/" + level, "x", Qos.AT_MOST_ONCE, 0));
        }

        for (int i = 0; i < levels.size(); i++) {
            Publish publish = clients.get(i / 8_192).expect(Publish.class);
            assertThat(publish.topic().value()).isEqualTo(levels.get(i) + "/" + levels.get(i));
        }
        served();
        clients.forEach(RawClient::close);
        Await.until(() -> stats().subscriptions().total() == 0);
    }

    @Test
    void retainedTopicsWithEqualHashes_areKeptAndFound_inTime() {
        List<String> levels = colliding(PAIRS);
        RawClient publisher = connected("publisher");

        retainAll(publisher, levels, "x");

        assertThat(stats().messages().retained()).isEqualTo(levels.size());
        RawClient reader = subscribed("reader", levels.get(12_345), Qos.AT_MOST_ONCE);
        assertThat(reader.expect(Publish.class).topic().value()).isEqualTo(levels.get(12_345));
        served();
        retainAll(publisher, levels, "");
        assertThat(stats().messages().retained()).isZero();
    }

    /**
     * Retains the payload on all topics. The server has to keep up: it answers after every 4,096,
     * in the time in which it has to answer anything.
     */
    private static void retainAll(RawClient publisher, List<String> topics, String payload) {
        for (int i = 0; i < topics.size(); i++) {
            publisher.send(retain(topics.get(i), payload, Qos.AT_MOST_ONCE, 0));
            if (i % 4_096 == 4_095 || i == topics.size() - 1) {
                publisher.send(PingReq.INSTANCE).expect(PingResp.class);
            }
        }
    }

    @Test
    void clientIdsWithEqualHashes_haveSessionsOfTheirOwn_inTime() {
        List<String> ids = colliding(12);
        for (String id : ids) {
            try (RawClient client = connected(connect(id, false, 1_000, null))) {
                client.send(Disconnect.NORMAL);
            }
        }

        Await.until(() -> stats().sessions().offline() == ids.size());
        RawClient again = socket().send(connect(ids.get(1_234), false, 0, null));
        assertThat(again.expect(ConnAck.class).sessionPresent()).isTrue();
        served();
        assertMemoryBelow(32);
    }

    @Test
    void subscribingAndUnsubscribingInAStorm_leavesNothing() {
        RawClient client = connected("attacker");
        for (int i = 0; i < 5_000; i++) {
            String filter = i % 2 == 0 ? "storm/+/" + i % 7 : "$share/g" + i + "/storm/#";
            client.send(
                    subscribe(filter),
                    new Unsubscribe(1, List.of(), List.of(TopicFilter.of(filter))));
            client.expect(SubAck.class);
            client.expect(UnsubAck.class);
        }

        assertThat(stats().subscriptions().total()).isZero();
        assertThat(stats().subscriptions().shared()).isZero();
        served();
        assertMemoryBelow(16);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$share",
                "$share/",
                "$share//a",
                "$share/g",
                "$share/g/",
                "$share/+/a",
                "$share/#",
                "$share/g#/a"
            })
    void malformedShare_isToldOrTakenAsItStands_andHurtsNobodyElse(String filter) {
        byte[] text = bytes(filter);
        RawClient client = connected("attacker");
        String packet =
                "%02x 00 01 00 00 %02x %s 00"
                        .formatted(6 + text.length, text.length, HexFormat.of().formatHex(text));

        client.send(hex("82 " + packet));

        assertThat(client.expect(Disconnect.class).reasonCode().isError()).isTrue();
        client.expectClosed();
        served();
        Await.until(() -> stats().subscriptions().total() == 0);
    }
}
