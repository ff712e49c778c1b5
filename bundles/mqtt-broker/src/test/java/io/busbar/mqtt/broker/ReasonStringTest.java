package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.spi.Permissions.SubscribeDecision;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Refusals say why in words, and no more than the client may know. */
class ReasonStringTest extends BrokerFixture {
    @Test
    void publish_denied_saysSoWithoutTheRule() {
        access.publishing(topic -> false);

        FakeLink publisher = client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 1));

        PubAck answer = publisher.next(PubAck.class);
        assertThat(answer.reasonCode()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(answer.details().reasonString()).isEqualTo("no right to publish to this topic");
        assertThat(broker.rejections().list().get(0).what().detail()).isEqualTo("rule 1");
    }

    @Test
    void publish_tooDeep_saysHowDeepItMayBe() {
        FakeLink publisher = client("p").says(publish("/".repeat(100), "x", Qos.EXACTLY_ONCE, 1));

        assertThat(publisher.next(PubRec.class).details().reasonString())
                .isEqualTo("more than 100 topic levels");
    }

    @Test
    void publish_allowed_saysNothing() {
        subscriber("s", "t", Qos.AT_LEAST_ONCE);

        FakeLink publisher = client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 1));

        assertThat(publisher.next(PubAck.class).details().reasonString()).isNull();
    }

    @Test
    void release_ofNothing_saysSo() {
        FakeLink publisher = client("p").says(new PubRel(7, ReasonCode.SUCCESS));

        PubComp answer = publisher.next(PubComp.class);
        assertThat(answer.reasonCode()).isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
        assertThat(answer.details().reasonString())
                .isEqualTo("no message waits with this Packet Identifier");
    }

    @Test
    void subscribe_refused_saysWhichFilterAndWhy() {
        access.subscribing(
                filter ->
                        filter.value().startsWith("secret")
                                ? SubscribeDecision.DENIED
                                : SubscribeDecision.GRANTED);

        FakeLink subscriber =
                client("s")
                        .says(
                                new Subscribe(
                                        1,
                                        0,
                                        List.of(),
                                        List.of(
                                                entry("open"),
                                                entry("secret/#"),
                                                entry("/".repeat(100)))));

        SubAck answer = subscriber.next(SubAck.class);
        assertThat(answer.reasonCodes())
                .containsExactly(
                        ReasonCode.SUCCESS,
                        ReasonCode.NOT_AUTHORIZED,
                        ReasonCode.TOPIC_FILTER_INVALID);
        assertThat(answer.details().reasonString())
                .isEqualTo(
                        "secret/#: no right to subscribe; "
                                + "/".repeat(100)
                                + ": more than 100 levels");
    }

    @Test
    void subscribe_manyRefused_theReasonIsBounded() {
        access.subscribing(filter -> SubscribeDecision.DENIED);
        List<Subscribe.Entry> many =
                java.util.stream.IntStream.range(0, 500)
                        .mapToObj(i -> entry("secret/" + i))
                        .toList();

        FakeLink subscriber = client("s").says(new Subscribe(1, 0, List.of(), many));

        assertThat(subscriber.next(SubAck.class).details().reasonString())
                .hasSizeBetween(1_000, 1_300);
    }

    private static Subscribe.Entry entry(String filter) {
        return new Subscribe.Entry(
                TopicFilter.of(filter), Qos.AT_MOST_ONCE, false, false, RetainHandling.SEND);
    }
}
